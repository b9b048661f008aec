import { isExposing, jsonPointer, type PipelineSpec, policyWarnings, type Warning } from '@sallyport/core'
import type { LiveRoutes } from '../../store/port/deployments.ts'
import { listWarnings } from './list-warnings.ts'
import { reachWarnings } from './reach-warnings.ts'

/**
 * Likely mistakes that do not block the deployment.
 *
 * @param others the live deployments that share a claim with the version, without the one that it replaces
 */
export function gateWarnings(spec: PipelineSpec, others: readonly LiveRoutes[]): Warning[] {
  return [
    ...policyWarnings(spec),
    ...triggerWarnings(spec),
    ...stepWarnings(spec),
    ...listWarnings(spec),
    ...reachWarnings(spec, others),
  ]
}

function triggerWarnings({ trigger }: PipelineSpec): Warning[] {
  if (!isExposing(trigger.kind)) return []
  const { basic, jwt } = trigger.authentication
  const warnings: Warning[] = []
  if (basic && jwt) {
    warnings.push({
      rule: 'authorization-shared',
      path: '/trigger/authentication',
      detail:
        'Basic credentials and a JWT both use the header Authorization. Callers must send the JWT in x-access-token.',
    })
  }
  if (trigger.maintenance !== undefined) {
    warnings.push({
      rule: 'in-maintenance',
      path: '/trigger/maintenance',
      detail:
        'With this version, callers get 503 until a version without maintenance is deployed, except those of exceptAddresses.',
    })
  }
  if (trigger.encodedSlashes === 'allow') {
    warnings.push({
      rule: 'encoded-slashes-allowed',
      path: '/trigger/encodedSlashes',
      detail:
        'The trigger accepts %2F in a path. If the upstream, or a proxy in front of it, reads %2F as "/", callers reach other paths of the upstream than this route shows. Allow encoded slashes only for an upstream that keeps them.',
    })
  }
  return warnings
}

function stepWarnings({ trigger, steps }: PipelineSpec): Warning[] {
  const { apiKey, jwt, basic } = trigger.authentication
  const hasCaller = isExposing(trigger.kind)
  let callerIsKnown = apiKey || jwt || basic
  const proxy = steps.findIndex((step) => step.kind === 'proxy')
  const generate = steps.findIndex((step) => step.kind === 'jwt.generate')
  const warnings: Warning[] = []
  for (const [index, step] of steps.entries()) {
    const warn = (rule: string, detail: string): void => {
      warnings.push({ rule, path: jsonPointer('steps', index, step.kind), detail })
    }
    if (step.kind === 'credentials.verify') {
      callerIsKnown = true
      if (!hasCaller) warn('caller-missing', 'A schedule has no caller, so there is no credential to verify.')
    }
    if (step.kind === 'jwt.generate' && !callerIsKnown) {
      warn(
        'token-of-nobody',
        'The JWT belongs to no consumer and no key, so revoking one does not end it. Demand an API key or Basic credentials, or verify credentials before this step.',
      )
    }
    if (step.kind === 'respond' && !hasCaller) {
      warn('caller-missing', 'A schedule has no caller, so this response is discarded.')
    }
    if (step.kind === 'proxy' && trigger.login && generate >= 0 && generate < index) {
      warn(
        'login-answer-lost',
        "The proxy step returns the upstream's own response, so the caller never receives the JWT. End with respond or jwt.generate, and use call for the upstream.",
      )
    }
    if (step.kind === 'transform' && index < proxy) {
      warn(
        'transform-unused',
        "The proxy step forwards the caller's own request, so the values of this step do not reach the upstream.",
      )
    }
  }
  return warnings
}
