import type { Emulator } from '../../src/emulator/emulator.ts';
import type { ProcessLimits } from '../support/gateway-command.ts';
import type { AttackScene } from './attack-scene.ts';
import type { GatewayChild } from './gateway-child.ts';

/** Something that one caller, or a stranger, may try so that others are hurt. */
export interface Attack {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly limits?: ProcessLimits;
  /** Before the gateway starts: what Graph holds. */
  readonly prepare?: (emulator: Emulator) => void;
  /** Once it serves: what Entra and Graph do to the attackers. */
  readonly begin?: (scene: AttackScene) => Promise<void> | void;
  /** One turn, again and again until the time is over. What becomes of it is no matter, unless it says so to `scene.lose`. */
  readonly turn: (scene: AttackScene) => Promise<void>;
  /** How many of the ordinary callers' requests may be refused, of all. Default 0.02. */
  readonly mayRefuse?: number;
  /** When it is over. @returns what is wrong */
  readonly inspect?: (scene: AttackScene, gateway: GatewayChild) => readonly string[];
}
