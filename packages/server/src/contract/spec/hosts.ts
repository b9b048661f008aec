import { z } from 'zod'
import { hostPatternProblem } from '../../address/host-pattern.ts'

const TRIGGER_HOSTS_MAX = 10
/** Each path counts once for each host: gateways find the routes of each host apart. */
const HOST_ROUTES_MAX = 2000

/** The hosts of a trigger, in the form in which they are compared. */
export const hosts = z
  .array(
    z.string().superRefine((host, check) => {
      const problem = hostPatternProblem(host)
      if (problem !== undefined) check.addIssue(problem)
    }),
  )
  .min(1, 'List at least one host, or leave out hosts to serve every host of the environment.')
  .max(TRIGGER_HOSTS_MAX)
  .refine((list) => new Set(list).size === list.length, 'A host is listed twice.')

/** Bounds the routes that a trigger has at all its hosts. */
export function checkHostRoutes(
  trigger: {
    readonly hosts?: readonly string[] | undefined
    readonly routes: readonly unknown[]
    readonly trailingSlash: string
  },
  check: z.RefinementCtx,
): void {
  if (trigger.hosts === undefined) return
  const paths = (1 + trigger.routes.length) * (trigger.trailingSlash === 'optional' ? 2 : 1)
  const routes = paths * trigger.hosts.length
  if (routes <= HOST_ROUTES_MAX) return
  check.addIssue({
    code: 'custom',
    path: ['hosts'],
    message: `The trigger has ${routes} routes at its hosts together. Have at most ${HOST_ROUTES_MAX}: list fewer hosts or routes.`,
  })
}
