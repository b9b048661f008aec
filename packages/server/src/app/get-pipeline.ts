export interface GetPipelineInput {
  readonly organization: string
  readonly pipeline: string
}
