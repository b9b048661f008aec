import { z } from 'zod'

/** A pipeline as its callers see it. */
export const portalPipeline = z.object({
  pipeline: z.string().describe('The name of the pipeline.'),
  version: z.string().describe('The version that is live, such as `1.0`.'),
  url: z
    .string()
    .describe('The URL to call. A part of its path that starts with `:` stands for a value of the caller.'),
  methods: z.array(z.string()).describe('The HTTP methods that it takes.'),
  authentication: z
    .object({
      apiKey: z.boolean().describe('An API key.'),
      jwt: z.boolean().describe('A JWT.'),
      basic: z.boolean().describe('A username and a password.'),
    })
    .describe('The credentials that a caller must send: every one that is true is required.'),
})
