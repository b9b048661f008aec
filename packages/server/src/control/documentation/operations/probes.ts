import type { ResourceTexts } from './operation-text.ts'

export const PROBES: ResourceTexts = {
  tag: {
    name: 'Watching',
    description: 'Health checks for load balancers and monitoring, without authentication.',
  },
  operations: {
    getHealth: {
      description:
        'Answers with 200 while the process runs. Use it as a liveness check. Both ports have it, and it needs no key.',
      permissions: [],
      example: {},
    },
    getReadiness: {
      description:
        'Answers with 200 while this port can answer requests, and otherwise with 503 and the reason: on the management port, whether the database answers; on the gateway, whether its snapshot is loaded and current. Use it as a readiness check. Both ports have it, and it needs no key. On the management port, the answer to a `Host` that is not allowed has no `revision` and no `snapshotAgeSeconds`.',
      permissions: [],
      example: {},
    },
  },
}
