import { jsonPointer, type PipelineSpec, type Warning } from '@sallyport/core'
import { isExposing, policyWarnings } from '@sallyport/core'
import { policySubject } from './gate.ts'

/** What stops no deployment, but hardly is what its developer means. */
export function gateWarnings(spec: PipelineSpec): Warning[] {
  return [...policyWarnings(policySubject(spec)), ...triggerWarnings(spec), ...stepWarnings(spec)]
}

function triggerWarnings({ trigger }: PipelineSpec): Warning[] {
  const { basic, jwt } = trigger.authentication
  if (!isExposing(trigger.kind) || !basic || !jwt) return []
  return [
    {
      rule: 'authorization-shared',
      path: '/trigger/authentication',
      detail:
        'Basic credentials and a JWT both belong in the header Authorization: a caller sends its JWT in x-access-token.',
    },
  ]
}

function stepWarnings({ trigger, steps }: PipelineSpec): Warning[] {
  const { apiKey, jwt, basic } = trigger.authentication
  const hasCaller = isExposing(trigger.kind)
  let isKnown = apiKey || jwt || basic
  const proxy = steps.findIndex((step) => step.kind === 'proxy')
  const minting = steps.findIndex((step) => step.kind === 'jwt.generate')
  const warnings: Warning[] = []
  for (const [index, step] of steps.entries()) {
    const warn = (rule: string, detail: string): void => {
      warnings.push({ rule, path: jsonPointer('steps', index, step.kind), detail })
    }
    if (step.kind === 'credentials.verify') {
      isKnown = true
      if (!hasCaller) warn('caller-missing', 'Nobody calls a schedule, so nobody shows it a credential.')
    }
    if (step.kind === 'jwt.generate' && !isKnown) {
      warn(
        'token-of-nobody',
        'Nothing says for whom the JWT is made, so it ends with no consumer and no key. Ask for an API key or Basic credentials, or verify credentials before this step.',
      )
    }
    if (step.kind === 'respond' && !hasCaller) {
      warn('caller-missing', 'Nobody calls a schedule, so nobody reads this answer.')
    }
    if (step.kind === 'proxy' && trigger.login && minting >= 0 && minting < index) {
      warn(
        'login-answer-lost',
        "The proxy step answers with the upstream's own answer: the JWT that is minted before it is never given to the caller. End with respond, or with jwt.generate itself; ask the upstream with call.",
      )
    }
    if (step.kind === 'transform' && index < proxy) {
      warn(
        'transform-unused',
        "The proxy step passes the caller's own request on: what this step sets does not reach the upstream.",
      )
    }
  }
  return warnings
}
