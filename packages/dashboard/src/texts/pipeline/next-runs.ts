/** When a schedule is due next. */
export const nextRuns = {
  title: 'Next runs',
  none: 'A schedule and a time zone that can be read have their next due times here.',
  inZone: (timeZone: string) => `In ${timeZone}`,
  here: (timeZone: string) => `For you, in ${timeZone}`,
}
