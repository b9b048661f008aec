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
        'Answers with 200 once the server can answer requests, and with 503 before. Use it as a readiness check. Both ports have it, and it needs no key.',
      permissions: [],
      example: {},
    },
  },
}
