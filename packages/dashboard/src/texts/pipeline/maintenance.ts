/** The maintenance of what is live: its state, and the dialogs that begin and end it. */
export const maintenance = {
  state: 'In maintenance',
  open: { start: 'Start maintenance…', end: 'End maintenance…' },
  start: (name: string, environment: string) => `Put ${name} in ${environment} into maintenance?`,
  startText:
    'Callers get 503 maintenance from then on. Requests that are running come to their end. It lasts until you end it.',
  end: (name: string, environment: string) => `End the maintenance of ${name} in ${environment}?`,
  endText: 'Callers are served again.',
  submitStart: 'Start maintenance',
  submitEnd: 'End maintenance',
  startComment: (version: string) => `${version} in maintenance.`,
  endComment: (version: string) => `${version} without its maintenance.`,
  fields: {
    detail: 'What callers are told',
    detailHint: 'Whole sentences, such as when the pipeline is back.',
    usualDetail:
      'The owner of the API has paused it for maintenance. Try again after the seconds in `Retry-After`.',
    retryAfter: 'Try again after, in seconds',
    retryAfterHint: 'What callers get as Retry-After; at most 604,800, which is a week.',
    exceptAddresses: 'Addresses that are served all the same',
    exceptAddressesHint: 'Such as 203.0.113.7 or 203.0.113.0/24, for tests before all others come back.',
  },
  way: {
    fresh: (next: string, version: string, environment: string) =>
      `This saves version ${next}, which is ${version} with this change only, and deploys it to ${environment}.`,
    existing: (next: string, version: string, environment: string) =>
      `This deploys version ${next} to ${environment}, which differs from ${version} in this only.`,
  },
  older: {
    title: (version: string) => `${version} cannot be changed here`,
    text: (newest: string) =>
      `A save makes the version after ${newest}, which is live beside those of other major versions and never replaces them.`,
  },
  mayNot: {
    title: 'This needs a new version',
    text: 'To save it you need the permission pipelines.write.',
  },
  refused: {
    title: (version: string, environment: string) =>
      `Version ${version} is saved, but the gate of ${environment} refuses it`,
    open: 'See why',
  },
  started: (name: string, environment: string) => `${name} is in maintenance in ${environment}`,
  ended: (name: string, environment: string) => `${name} serves its callers in ${environment} again`,
  live: (version: string, environment: string) => `${version} is live in ${environment}.`,
}
