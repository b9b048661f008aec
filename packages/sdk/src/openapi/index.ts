export {
  draftPipeline,
  type DraftPipelineOptions,
  OpenApiError,
  type PipelineDraft,
} from './draft-pipeline.ts'
export type { OpenApiNote } from './note.ts'
