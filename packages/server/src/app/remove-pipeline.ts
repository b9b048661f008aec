export interface RemovePipelineInput {
  readonly organization: string
  readonly pipeline: string
}
export interface RemovedPipeline {
  readonly revision: number
}
