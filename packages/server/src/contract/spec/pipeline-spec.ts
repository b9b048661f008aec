import type { SpecDraft } from '@sallyport/core'
import { z } from 'zod'
import { checkCorrelationInSteps } from './correlation-header.ts'
import { steps } from './steps.ts'
import { trigger } from './trigger.ts'

/** A pipeline's spec as a developer writes it; becomes a draft with every default filled in. */
export const pipelineSpec = z
  .strictObject({
    trigger: trigger.describe('When the pipeline starts, and what a caller must send.'),
    steps: steps.describe('What the pipeline does, in order.'),
  })
  .transform((spec): SpecDraft => spec)
  .superRefine(checkCorrelationInSteps)
