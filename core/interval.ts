/** The longest gap between the coming times, in ms: a cron line need not be regular. */
export function intervalOf(times: readonly Date[]): number | undefined {
  const gaps = times.slice(1).map((time, index) => time.getTime() - (times[index]?.getTime() ?? 0))
  return gaps.length === 0 ? undefined : Math.max(...gaps)
}
