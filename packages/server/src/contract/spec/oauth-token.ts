import {
  CLIENT_AUTHENTICATIONS,
  parseHeaderTemplate,
  parseUrlTemplate,
  TOKEN_REQUEST_MS_MAX,
  urlTemplateParameters,
  urlTemplateSecrets,
  type HeaderTemplate,
  type OauthTokenStep,
} from '@sallyport/core'
import { z } from 'zod'
import { headerValue } from './header-fields.ts'
import { scopeList } from './token-steps.ts'
import { urlTemplate } from './upstream-steps.ts'

/** A text that is the same for all requests of an environment, since they share the token. */
const sharedText = headerValue.min(1, 'This must not be empty.').superRefine((text, check) => {
  const { template, problems } = parseHeaderTemplate(text)
  for (const problem of problems) check.addIssue(problem)
  if (
    template?.parts.some(({ kind }) => kind !== 'text' && kind !== 'secret' && kind !== 'variable') === true
  ) {
    check.addIssue('All requests share the token: use only {secrets.NAME} and {vars.NAME} here.')
  }
})

/** A step that gets an access token with the client's own credentials. */
export const oauthToken = z
  .strictObject({
    tokenUrl: urlTemplate
      .superRefine((text, check) => {
        const { template, problems } = parseUrlTemplate(text)
        for (const problem of problems) check.addIssue(problem)
        if (template === undefined) return
        if (urlTemplateParameters(template).length > 0) {
          check.addIssue('All requests share the token: the URL cannot contain a path parameter.')
        }
        if (urlTemplateSecrets(template).length > 0) {
          check.addIssue('The URL cannot contain a secret: use clientId and clientSecret.')
        }
      })
      .describe(
        'The token endpoint of the authorization server. Placeholders: `{vars.NAME}` for a variable.',
      ),
    clientId: sharedText.describe(
      'The client id. Placeholders: `{secrets.NAME}` for a secret, `{vars.NAME}` for a variable.',
    ),
    clientSecret: sharedText
      .refine((text) => hasSecret(parseHeaderTemplate(text).template), {
        error: 'A client secret belongs into a secret of the environment: write {secrets.NAME}.',
        abort: true,
      })
      .describe('The client secret, as `{secrets.NAME}` for a secret of the environment.'),
    scopes: scopeList.default([]).describe('The scopes to ask for; those of the client unless given.'),
    audience: sharedText
      .optional()
      .describe('The parameter `audience`, which some authorization servers need to know the API.'),
    authentication: z
      .enum(CLIENT_AUTHENTICATIONS)
      .default('basic')
      .describe('How the client proves its identity: by HTTP Basic, or with members of the form.'),
    timeoutMs: z
      .int()
      .min(1)
      .max(TOKEN_REQUEST_MS_MAX)
      .default(TOKEN_REQUEST_MS_MAX)
      .describe('How long a request waits for the token, in milliseconds.'),
  })
  .transform((step): OauthTokenStep => ({ kind: 'oauth.token', ...step, audience: step.audience ?? null }))

/** True for a text that is not valid, which has its own problem. */
function hasSecret(template: HeaderTemplate | undefined): boolean {
  return template === undefined || template.parts.some(({ kind }) => kind === 'secret')
}
