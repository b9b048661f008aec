import {
  type DeploymentRecord,
  type EnvironmentView,
  type Snapshot,
  type Timetable,
  timetableOf,
} from '@sallyport/core'

/** A live deployment with a schedule. */
export interface ScheduledDeployment {
  /** Identifies the organization, environment, pipeline and major. */
  readonly key: string
  readonly view: EnvironmentView
  readonly deployment: DeploymentRecord
  readonly timetable: Timetable
}

/**
 * The schedules in the order in which organizations take turns: the first of each, the second of each, and so on. Each
 * claim is a write, so thousands of due schedules of one organization would otherwise delay those of all others.
 */
export function schedulesInTurns(snapshot: Snapshot): ScheduledDeployment[] {
  const counts = new Map<string, number>()
  const turns: ScheduledDeployment[][] = []
  for (const one of schedulesOf(snapshot)) {
    const { organization } = one.deployment
    const turn = counts.get(organization) ?? 0
    counts.set(organization, turn + 1)
    ;(turns[turn] ??= []).push(one)
  }
  return turns.flat()
}

function* schedulesOf(snapshot: Snapshot): Generator<ScheduledDeployment> {
  for (const view of snapshot.environments()) {
    for (const deployment of view.deployments.values()) {
      const timetable = timetableOf(deployment.spec.trigger)
      if (timetable === null) continue
      const { organization, environment, pipeline, version } = deployment
      // None of these names contains a space.
      const key = `${organization} ${environment} ${pipeline} ${Number.parseInt(version, 10)}`
      yield { key, view, deployment, timetable }
    }
  }
}
