/** One line of the table: a value for each round, and the limit that its median is held to. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly atMost?: number;
  readonly rounds: readonly number[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Prints the table as Markdown: the median of the rounds, their spread, and the limit. */
export function printFigures(figures: readonly Figure[]): void {
  const rows = figures.map(({ name, unit, atMost, rounds }) => {
    const value = median(rounds);
    const verdict = atMost === undefined ? '' : `${atMost}${value <= atMost ? '' : ' (missed)'}`;
    const spread = `${short(Math.min(...rounds))} to ${short(Math.max(...rounds))}`;
    return `| ${name} | ${short(value)} ${unit} | ${spread} | ${verdict} |`;
  });
  process.stdout.write(`| figure | median | rounds | at most |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`);
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
