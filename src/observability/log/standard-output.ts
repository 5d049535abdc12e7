import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';

const STDOUT = 1;

/**
 * Opens standard output so that a write never waits: where a reader stands still it fails with EAGAIN instead. Standard
 * output itself is left as it is where that can be: other processes share it, and its mode would be theirs too.
 * @returns writes as much as goes at once, from `offset`. @throws an error with an errno `code`
 */
export function openStandardOutput(): (bytes: Buffer, offset: number) => number {
  const descriptor = nonBlocking();
  return (bytes, offset) => writeSync(descriptor, bytes, offset);
}

function nonBlocking(): number {
  const stat = fstatSync(STDOUT);
  // A file never has one wait, and its place to write at belongs to the descriptor.
  if (stat.isFile()) return STDOUT;
  if (stat.isFIFO() || stat.isCharacterDevice()) {
    try {
      return reopened();
    } catch {
      // No /proc, or another user's pipe: as for sockets, which cannot be opened by a path.
    }
  }
  // Node makes the descriptor non-blocking when its stream is first looked at, and restores it at the end. A failure
  // of the stream, which writes nothing, must not end the process.
  process.stdout.on('error', () => {});
  return STDOUT;
}

/** A pipe or terminal that is opened a second time has a mode of its own (Linux, open(2) and proc(5)). */
function reopened(): number {
  const descriptor = openSync(
    `/proc/self/fd/${STDOUT}`,
    constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY,
  );
  const [own, first] = [fstatSync(descriptor), fstatSync(STDOUT)];
  if (own.ino === first.ino && own.dev === first.dev) return descriptor;
  closeSync(descriptor);
  throw new Error('not the same');
}
