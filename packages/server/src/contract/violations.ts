import { z } from 'zod'

/** A reason why a deployment is refused, or does not conform to the policy of its environment. */
export const violation = z.object({
  rule: z.string(),
  policy: z.string().optional(),
  environment: z.string(),
  path: z.string().describe('The location in the spec, as a JSON Pointer.'),
  required: z.string(),
  found: z.string(),
  fix: z.string(),
})

export const warning = z.object({ rule: z.string(), path: z.string(), detail: z.string() })
