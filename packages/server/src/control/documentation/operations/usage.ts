import type { ResourceTexts } from './operation-text.ts'

export const USAGE: ResourceTexts = {
  tag: {
    name: 'Usage',
    description:
      'How many requests there were to the pipelines, how many of them were refused, and the facts of the last ones.',
  },
  operations: {
    readUsage: {
      description:
        'Sums up the requests to pipelines, by time and then by group. There is no item for nothing, and new requests appear after about a second. A page can have fewer items than `limit`, or none, although another page follows: read on until `next` is null. Minutes are kept for 2 days, hours for 90 days and days for 2 years, unless the operator sets other times.',
      permissions: ['usage.read'],
      example: { query: { groupBy: 'key', interval: 'hour' } },
    },
    listRequests: {
      description:
        'Lists the last requests to the pipelines, the last that ended first. A gateway keeps the last 1,000 that were let in and the last 1,000 others of each organization in its memory, fewer if there are many organizations, and none after a restart. The answer has the requests of the gateways in `gateways`: with several servers, that of the server that answers. A request appears when it ends; a role that has the permission only for a project or a pipeline does not show requests that matched no pipeline.',
      permissions: ['usage.read'],
      example: { query: { code: 'valid' } },
    },
  },
}
