export interface GetProjectInput {
  readonly organization: string
  readonly project: string
}
