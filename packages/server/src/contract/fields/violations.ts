import { z } from 'zod'

/** One reason why a deployment is refused, or falls short of the policy of its environment. */
export const violation = z.object({
  rule: z.string(),
  policy: z.string().optional(),
  environment: z.string(),
  path: z.string().describe('Where in the spec, as a JSON Pointer.'),
  required: z.string(),
  found: z.string(),
  fix: z.string(),
})

export const warning = z.object({ rule: z.string(), path: z.string(), detail: z.string() })
