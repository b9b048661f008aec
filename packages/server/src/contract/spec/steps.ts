import type { Step } from '@sallyport/core'
import { z } from 'zod'
import { assertion, respond, transform } from './message-steps.ts'
import { credentialsVerify, jwtDecode, jwtGenerate } from './token-steps.ts'
import { oauthToken } from './oauth-token.ts'
import { call, proxy } from './upstream-steps.ts'

const STEPS_MAX = 50

const STEPS = {
  proxy,
  call,
  transform,
  assert: assertion,
  'credentials.verify': credentialsVerify,
  'jwt.generate': jwtGenerate,
  'jwt.decode': jwtDecode,
  'oauth.token': oauthToken,
  respond,
} as const satisfies Readonly<Record<Step['kind'], z.ZodType<Step>>>

const NAMES = Object.keys(STEPS).join(', ')

const step = z
  .strictObject(
    {
      proxy: STEPS.proxy
        .optional()
        .describe('Passes the request on to an upstream, and its response to the caller.'),
      call: STEPS.call.optional().describe('Sends a request of its own; the response becomes the message.'),
      transform: STEPS.transform.optional().describe('Changes the message.'),
      assert: STEPS.assert.optional().describe('Ends the pipeline with a problem unless a condition holds.'),
      'credentials.verify': STEPS['credentials.verify']
        .optional()
        .describe('Checks a username and a password against the Basic credentials of the environment.'),
      'jwt.generate': STEPS['jwt.generate']
        .optional()
        .describe('Issues a JWT, in the body and in the header `authorization`.'),
      'jwt.decode': STEPS['jwt.decode']
        .optional()
        .describe('Verifies a JWT and puts its claims into the body.'),
      'oauth.token': STEPS['oauth.token']
        .optional()
        .describe('Gets an access token for the upstreams of later steps: `{oauth.token}` in their headers.'),
      respond: STEPS.respond.optional().describe('Responds to the caller and ends the pipeline.'),
    },
    {
      error: ({ code }) =>
        code === 'unrecognized_keys' ? `There is no such step. The steps are ${NAMES}.` : undefined,
    },
  )
  .refine((named) => Object.keys(named).length === 1, {
    error: `A step is an object with exactly one of these names: ${NAMES}.`,
    // Also reported together with problems inside a step, but not with an unknown name, which is the actual mistake.
    when: ({ value, issues }) =>
      typeof value === 'object' &&
      value !== null &&
      !issues.some(({ code, path }) => isUnknownName(code, path)),
  })
  .meta({ minProperties: 1, maxProperties: 1 })
  // This runs only for objects with exactly one name.
  .transform((named): Step => Object.values(named).find((one) => one !== undefined) ?? z.NEVER)

function isUnknownName(code: string, path: readonly PropertyKey[] | undefined): boolean {
  return code === 'unrecognized_keys' && (path === undefined || path.length === 0)
}

/** The steps of a pipeline, in order. */
export const steps = z.array(step).min(1).max(STEPS_MAX)
