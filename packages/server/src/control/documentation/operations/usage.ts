import type { ResourceTexts } from './operation-text.ts'

export const USAGE: ResourceTexts = {
  tag: {
    name: 'Usage',
    description: 'How many requests there were to the pipelines, and how many of them were refused.',
  },
  operations: {
    readUsage: {
      description:
        'Sums up the requests to pipelines, by time and then by group. There is no item for nothing, and new requests appear after about a second. A page can have fewer items than `limit`, or none, although another page follows: read on until `next` is null. Minutes are kept for 2 days, hours for 90 days and days for 2 years, unless the operator sets other times.',
      permissions: ['usage.read'],
      example: { query: { groupBy: 'key', interval: 'hour' } },
    },
  },
}
