import { vi } from 'vitest';
import type { TestGateway } from '../../support/gateway.ts';

/** The line of the last operation; it is written when the answer has left, which may be after the client has it. */
export function operationLine(gateway: TestGateway, count = 1): Promise<Record<string, unknown>> {
  return vi.waitFor(() => {
    const lines = gateway.logs().filter(({ msg }) => msg === 'operation');
    const line = lines[count - 1];
    if (line === undefined) throw new Error(`${lines.length} operation lines, ${count} expected`);
    return line;
  });
}
