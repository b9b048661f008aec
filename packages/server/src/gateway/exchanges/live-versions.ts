import type { DeploymentRecord, Snapshot } from '@sallyport/core'

/**
 * Finds the live deployment that an exchange's deployment stands for in one snapshot: itself, or the version that
 * replaced it. Each deployment is searched for once.
 */
export class LiveVersions {
  readonly #snapshot: Snapshot
  readonly #known = new Map<DeploymentRecord, DeploymentRecord | undefined>()

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot
  }

  /** The live deployment; undefined if the deployment has ended and no version of the same major replaced it. */
  of(deployment: DeploymentRecord): DeploymentRecord | undefined {
    if (this.#known.has(deployment)) return this.#known.get(deployment)
    const found = this.#find(deployment)
    this.#known.set(deployment, found)
    return found
  }

  #find({
    organization,
    environment,
    id,
    pipeline,
    version,
  }: DeploymentRecord): DeploymentRecord | undefined {
    const deployments = this.#snapshot.environment(organization, environment)?.deployments
    const same = deployments?.get(id)
    if (same !== undefined) return same
    const major = majorOf(version)
    for (const other of deployments?.values() ?? []) {
      if (other.pipeline === pipeline && majorOf(other.version) === major) return other
    }
    return undefined
  }
}

function majorOf(version: string): string {
  return version.slice(0, version.indexOf('.'))
}
