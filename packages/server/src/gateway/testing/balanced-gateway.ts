import {
  BALANCE_DEFAULT,
  type Balance,
  type DeploymentRecord,
  type Trigger,
  type UpstreamOptions,
  type UpstreamTarget,
} from '@sallyport/core'
import {
  ACME,
  deployment,
  OPEN,
  proxyTo,
  startWith,
  type StartedGateway,
  type StartOptions,
} from './started-gateway.ts'

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
/** Of a port on which nothing listens. */
export const CLOSED = 'http://127.0.0.1:1'

/** A target of a step: for all requests unless the fields say otherwise. */
export function target(origin: string, fields: Partial<UpstreamTarget> = {}): UpstreamTarget {
  return { origin, weight: 1, when: null, isBackup: false, ...fields }
}

export interface BalancedOptions extends Omit<UpstreamOptions, 'balance'> {
  readonly balance?: Partial<Balance>
  readonly trigger?: Partial<Trigger>
}

/** A deployment of `/orders` with a `proxy` to these targets. */
export function balancedDeployment(
  targets: readonly UpstreamTarget[],
  { balance, trigger, ...limits }: BalancedOptions = {},
): DeploymentRecord {
  const step = proxyTo(`${targets[0]?.origin ?? CLOSED}/orders`, {
    ...limits,
    targets,
    balance: { ...BALANCE_DEFAULT, ...balance },
  })
  return deployment({ methods: METHODS, authentication: OPEN, ...trigger }, step)
}

/** A gateway with `balancedDeployment`. */
export async function gatewayTo(
  targets: readonly UpstreamTarget[],
  options: BalancedOptions = {},
  start: StartOptions = {},
): Promise<StartedGateway> {
  return await startWith([...ACME, balancedDeployment(targets, options)], start)
}
