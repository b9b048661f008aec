import type { Consumer, ListedDeployment, ListedPipeline, Policy } from '@sallyport/sdk'

/** The steps, in their order. */
export const STEPS = ['policy', 'pipeline', 'deployment', 'key', 'call'] as const
export type Step = (typeof STEPS)[number]

/** The policy of an environment. */
export interface Demand {
  readonly environment: string
  readonly mode: Policy['mode']
}

type Live = Pick<ListedDeployment, 'pipeline' | 'project' | 'version' | 'environment' | 'url'>
/** A live deployment that callers can reach. */
export interface Route extends Omit<Live, 'url'> {
  readonly url: string
}
export type Caller = Pick<Consumer, 'id' | 'name' | 'environment' | 'status' | 'pipelines' | 'projects'>

export interface Facts {
  /** What each environment demands, as far as the person may read it. */
  readonly demands: readonly Demand[]
  readonly pipelines: readonly Pick<ListedPipeline, 'name'>[]
  readonly live: readonly Live[]
  readonly consumers: readonly Caller[]
}

/** How far an organization is whose first call was not yet allowed. */
export interface Progress {
  readonly next: Exclude<Step, 'policy'>
  readonly demands: readonly Demand[]
  /** A pipeline to deploy. */
  readonly pipeline: string | undefined
  /** Where to call. */
  readonly route: Route | undefined
  /** A consumer that may call there. */
  readonly caller: Caller | undefined
  /** A consumer of that environment that may not. */
  readonly stranger: Caller | undefined
}

export function progressOf({ demands, pipelines, live, consumers }: Facts): Progress {
  const routes = live.flatMap(({ url, ...rest }) => (url === null ? [] : [{ ...rest, url }]))
  const callerOf = ({ pipeline, project, environment }: Route): Caller | undefined =>
    consumers.find(
      (each) =>
        each.environment === environment &&
        each.status === 'active' &&
        (each.pipelines.includes(pipeline) || each.projects.includes(project)),
    )
  const route = routes.find((each) => callerOf(each) !== undefined) ?? routes[0]
  const caller = route === undefined ? undefined : callerOf(route)
  const stranger =
    route === undefined || caller !== undefined
      ? undefined
      : consumers.find((each) => each.environment === route.environment && each.status === 'active')
  // What runs on a schedule is live, but cannot be called.
  const pipeline =
    route?.pipeline ?? pipelines.find(({ name }) => !live.some((each) => each.pipeline === name))?.name
  return { next: nextStep(pipeline, route, caller), demands, pipeline, route, caller, stranger }
}

function nextStep(
  pipeline: string | undefined,
  route: Route | undefined,
  caller: Caller | undefined,
): Progress['next'] {
  if (pipeline === undefined) return 'pipeline'
  if (route === undefined) return 'deployment'
  return caller === undefined ? 'key' : 'call'
}
