export interface SoakOptions {
  readonly seconds: number;
  readonly say: (line: string) => void;
  /** What is done when the user breaks off. */
  readonly onInterrupt: (stop: () => void) => void;
}
