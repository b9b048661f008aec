import type { DeploymentRecord, EnvironmentView } from '@sallyport/core'

type Deployments = EnvironmentView['deployments']

/** How an environment's deployments change. */
export interface DeploymentChange {
  /** Former states of deployments in `started`. */
  readonly replaced: readonly DeploymentRecord[]
  readonly started: readonly DeploymentRecord[]
  readonly ended: readonly DeploymentRecord[]
}

/** The change from one map of an environment's deployments to another one. */
export function changeBetween(before: Deployments, deployments: Deployments): DeploymentChange {
  const replaced: DeploymentRecord[] = []
  const ended: DeploymentRecord[] = []
  const started: DeploymentRecord[] = []
  for (const [id, deployment] of before) {
    const now = deployments.get(id)
    if (now !== deployment) (now === undefined ? ended : replaced).push(deployment)
  }
  for (const [id, deployment] of deployments) if (before.get(id) !== deployment) started.push(deployment)
  return { replaced, started, ended }
}
