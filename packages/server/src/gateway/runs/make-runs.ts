import { EnvironmentSecrets } from '../deployment/environment-secrets.ts'
import { EnvironmentSigners } from '../deployment/environment-signer.ts'
import type { GatewayDeps } from '../entrance/gateway-parts.ts'
import type { ExchangeParts } from '../proxy/proxy-exchange.ts'
import { RunPlaces } from './run-slots.ts'
import type { RunParts } from './run-request.ts'
import type { StepTools } from '../steps/step-tools.ts'

/** What the runs of one gateway share, made of what the gateway is given and what it has. */
export function makeRuns(
  { unseal, expressions, nowMs, logger }: GatewayDeps,
  { passwords, jwt }: Pick<StepTools, 'passwords' | 'jwt'>,
  exchange: Pick<ExchangeParts, 'upstreams' | 'proxies' | 'tunnels' | 'count'>,
): RunParts {
  const { upstreams } = exchange
  const secrets = new EnvironmentSecrets(unseal)
  const signers = new EnvironmentSigners(unseal)
  return {
    tools: { expressions, upstreams, secrets, signers, passwords, jwt, nowMs, logger },
    places: new RunPlaces(),
    exchange: { ...exchange, secrets, logger },
  }
}
