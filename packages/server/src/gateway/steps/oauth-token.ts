import {
  bindHeaderVariables,
  bindUrlVariables,
  expandHeaderTemplate,
  expandUrlTemplate,
  headerTemplateSecrets,
  parseHeaderTemplate,
  parseUrlTemplate,
  type HeaderTemplate,
  type OauthTokenStep,
  type PathValues,
} from '@sallyport/core'
import { environmentVariables } from '../deployment/environment-variables.ts'
import { bindingProblem, expansionProblem, isOwnEnd, upstreamProblem } from '../proxy/upstream-problem.ts'
import type { Message } from '../message/message.ts'
import { stepProblem, type Run, type RunnableStep, type StepOutcome } from './step.ts'
import { UpstreamTimeout } from '../request/within-time.ts'
import type { TokenRequest } from './token-request.ts'

const NO_PARAMETERS: PathValues = new Map<string, string>()

/**
 * Gets an access token for the upstreams of later steps. It needs nothing of the message, so that a `proxy` after it
 * streams its request.
 *
 * @throws Error for a step that the deployment gate should have refused
 */
export function compileOauthToken(step: OauthTokenStep, pointer: string): RunnableStep {
  const requestFor = compileRequest(step, pointer)
  return {
    pointer,
    callsUpstream: true,
    readsMessage: false,
    async run(message, run) {
      const { organization, environment, pipeline } = run.deployment.record
      const about = { requestId: run.requestId, organization, environment, pipeline }
      const secrets = run.deps.secrets.of(run.environment)
      const made = requestFor(environmentVariables(run.environment), secrets)
      if ('bindingProblem' in made) return stepProblem(bindingProblem(made, run.deps.logger, about))
      if ('secret' in made) {
        const failure = { target: undefined, fault: 'secret', name: made.secret } as const
        const { code, details } = expansionProblem(failure, secrets, run.deps.logger, about)
        return stepProblem(code, details)
      }
      const request = { ...made, environment: `${organization} ${environment}` }
      return await withToken(request, step.timeoutMs, message, run, { ...about, upstream: made.origin })
    },
  }
}

async function withToken(
  request: TokenRequest,
  timeoutMs: number,
  message: Message,
  run: Run,
  about: Readonly<Record<string, unknown>>,
): Promise<StepOutcome> {
  const waiting = new AbortController()
  const end = (): void => waiting.abort(run.signal.reason)
  run.signal.addEventListener('abort', end)
  const late = new UpstreamTimeout('no token within the timeout of the step')
  const clock = setTimeout(() => waiting.abort(late), timeoutMs)
  run.entry?.upstreamStarted()
  try {
    const token = await run.deps.tokens.tokenFor(request, run.deployment.tenant, waiting.signal)
    return { message: { ...message, token } }
  } catch (err) {
    // After the run has ended, a failure is not the upstream's fault.
    if (!run.signal.aborted && !isOwnEnd(err))
      run.deps.logger.warn({ ...about, err }, 'no token for an upstream')
    return stepProblem(upstreamProblem(err))
  } finally {
    run.signal.removeEventListener('abort', end)
    clearTimeout(clock)
    run.entry?.upstreamAnswered()
  }
}

/** The request with the values of an environment, or why there is none. */
type MadeRequest =
  | Omit<TokenRequest, 'environment'>
  | { readonly bindingProblem: string }
  /** The name of a secret that is missing or does not fit. */
  | { readonly secret: string }

function compileRequest(
  step: OauthTokenStep,
  pointer: string,
): (variables: PathValues, secrets: PathValues) => MadeRequest {
  const { scopes, authentication } = step
  const url = parseUrlTemplate(step.tokenUrl)
  const texts = [step.clientId, step.clientSecret, step.audience ?? ''].map((text) =>
    parseHeaderTemplate(text),
  )
  const problems = [...url.problems, ...texts.flatMap((text) => text.problems)]
  if (problems.length > 0) throw new Error(`${pointer}: ${problems.join(' ')}`)
  const templates = texts.flatMap(({ template }) => template ?? [])
  return (variables, secrets) => {
    const bound = url.template === undefined ? undefined : bindUrlVariables(url.template, variables)
    if (bound?.template === undefined) return { bindingProblem: bound?.problem ?? '' }
    const values: string[] = []
    for (const template of templates) {
      const value = textOf(template, variables, secrets)
      if (typeof value !== 'string') return value
      values.push(value)
    }
    const [clientId = '', clientSecret = '', audience = ''] = values
    const target = expandUrlTemplate(bound.template, NO_PARAMETERS, NO_PARAMETERS)
    if (target === undefined) return { bindingProblem: 'The URL of the token endpoint cannot be expanded.' }
    const { origin } = bound.template
    return {
      origin,
      target,
      clientId,
      clientSecret,
      scopes,
      audience: audience === '' ? null : audience,
      authentication,
    }
  }
}

function textOf(
  template: HeaderTemplate,
  variables: PathValues,
  secrets: PathValues,
): string | { readonly bindingProblem: string } | { readonly secret: string } {
  const bound = bindHeaderVariables(template, variables)
  if (bound.template === undefined) return { bindingProblem: bound.problem }
  const value = expandHeaderTemplate(bound.template, NO_PARAMETERS, secrets)
  return (
    value ?? {
      secret:
        headerTemplateSecrets(template).find((name) => secrets.get(name) === undefined) ??
        headerTemplateSecrets(template).join(', '),
    }
  )
}
