export interface RemoveEnvironmentInput {
  readonly organization: string
  readonly environment: string
}
export interface RemovedEnvironment {
  readonly revision: number
}
