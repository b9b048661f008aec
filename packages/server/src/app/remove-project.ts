export interface RemoveProjectInput {
  readonly organization: string
  readonly project: string
}
export interface RemovedProject {
  readonly revision: number
}
