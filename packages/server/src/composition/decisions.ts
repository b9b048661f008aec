import { EnvironmentHosts, type Grant, type HostEnvironment, type KeyId } from '@sallyport/core'
import type { Logger } from 'pino'
import type { Demand } from '../app/access/actor.ts'
import type { ProbedDeployment } from '../app/deployments/prober.ts'
import { findToken, type FoundToken } from '../app/keys/lookup-key.ts'
import { verifyCredential } from '../app/keys/verify-credential.ts'
import type { VerifiedCredential, VerifyCredentialInput } from '../app/keys/verification.ts'
import { AnonymousProbe, type AnonymousProbeResult } from '../gateway/entrance/anonymous-probe.ts'
import type { Readiness } from '../telemetry/readiness.ts'
import type { FollowedSnapshot } from './followed-snapshot.ts'
import { openGatewayFacts } from './gateway-facts.ts'

/**
 * What a control plane asks about the decisions of a gateway, which has the snapshot. Arguments and results are plain data,
 * so that they can cross threads.
 */
export interface Decisions {
  /** The snapshot's revision and age. */
  snapshotReadiness(): Promise<Pick<Readiness, 'revision' | 'snapshotAgeSeconds'>>
  /**
   * Verifies credentials; see `verifyCredential`.
   *
   * @param grants the actor's in the organization of the input; undefined outside of it
   * @returns the answer, and the demands that the actor had to meet for it
   */
  verify(
    grants: readonly Grant[] | undefined,
    input: VerifyCredentialInput,
  ): Promise<{ readonly answer: VerifiedCredential; readonly demands: readonly Demand[] }>
  /** Finds the key of a token; see `findToken`. */
  findToken(token: string): Promise<FoundToken | null>
  /** Probes a deployment; see `AnonymousProbe`. */
  probe(deployment: ProbedDeployment, revision: number): Promise<readonly AnonymousProbeResult[]>
}

export interface DecisionDeps {
  readonly snapshot: FollowedSnapshot
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  readonly logger: Logger
  /** The id of the key that was imported with a token of this SHA-256. */
  readonly importedKeyId: (digest: Uint8Array) => KeyId
  /** Ranges in CIDR form, for the keys of issuers. */
  readonly upstreamAllow: readonly string[]
  /** See `EnvironmentHosts`. */
  readonly hosts: ReadonlyMap<string, HostEnvironment>
}

/** Makes decisions on a snapshot as its gateway makes them. Disposing closes the connections to issuers. */
export function openDecisions({
  snapshot,
  nowMs,
  monotonicMs,
  logger,
  importedKeyId,
  upstreamAllow,
  hosts,
}: DecisionDeps): Decisions & AsyncDisposable {
  const { cell } = snapshot
  const facts = openGatewayFacts({ monotonicMs, logger, upstreamAllow, hosts })
  const prober = new AnonymousProbe({ cell, nowMs, hosts: new EnvironmentHosts(hosts) })
  return {
    async snapshotReadiness() {
      const { revision, snapshotAgeSeconds } = snapshot.readiness()
      return await Promise.resolve({ revision, snapshotAgeSeconds })
    },
    async verify(grants, input) {
      const demands: Demand[] = []
      const actor = {
        grantsIn: (organization: string) => (organization === input.organization ? grants : undefined),
        record: (demand: Demand) => void demands.push(demand),
      }
      const answer = await verifyCredential(
        { actor, nowMs, snapshot: cell.current, facts, importedKeyId },
        input,
      )
      return { answer, demands }
    },
    findToken: async (token) => await Promise.resolve(findToken(cell.current, token, nowMs(), importedKeyId)),
    probe: async (deployment, revision) => await prober.probe(deployment, revision),
    [Symbol.asyncDispose]: async () => await facts[Symbol.asyncDispose](),
  }
}
