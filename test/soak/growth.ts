/** Where a straight line through the samples begins and ends; the first quarter, in which everything fills, is left out. */
export function growthOf(samples: readonly number[]): { from: number; to: number; growth: number } {
  const rest = samples.slice(Math.floor(samples.length / 4));
  const mean = rest.reduce((sum, each) => sum + each, 0) / rest.length;
  const middle = (rest.length - 1) / 2;
  let [covariance, variance] = [0, 0];
  for (const [index, sample] of rest.entries()) {
    covariance += (index - middle) * (sample - mean);
    variance += (index - middle) ** 2;
  }
  const slope = variance === 0 ? 0 : covariance / variance;
  return { from: mean - slope * middle, to: mean + slope * middle, growth: slope * (rest.length - 1) };
}
