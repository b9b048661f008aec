import { z } from 'zod'

/** A reason why a deployment is refused, or does not conform to the policy of its environment. */
export const violation = z.object({
  rule: z
    .string()
    .describe('The rule that is not met, such as `api-key-required`; docs/access.md lists all.'),
  policy: z.string().optional().describe('The policy that requires it; absent for a rule of every policy.'),
  environment: z.string().describe('The name of the environment.'),
  path: z.string().describe('The location in the spec, as a JSON Pointer.'),
  required: z.string().describe('What the rule requires there.'),
  found: z.string().describe('What the spec has there.'),
  fix: z.string().describe('What to change.'),
})

export const warning = z.object({
  rule: z.string().describe('The kind of mistake, such as `open-to-everyone`; docs/access.md lists all.'),
  path: z.string().describe('The location in the spec, as a JSON Pointer.'),
  detail: z.string().describe('What is likely wrong, and what to change.'),
})
