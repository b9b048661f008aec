import { type DeployOutput, SallyportError } from '@sallyport/sdk'
import { queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../../data/sallyport.ts'
import type { Violation } from '../spec/fixes.ts'

/** A version that is to go live, and why. */
export interface Act {
  readonly kind: 'deploy' | 'promote' | 'rollback' | 'redeploy'
  readonly pipeline: string
  /** Undefined if only the server knows it. */
  readonly version: string | undefined
  readonly environment: string
  /** The deployment whose version it is, or that is rolled back; undefined for `deploy`. */
  readonly from: string | undefined
}

interface Manner {
  /** Only asks the gate. */
  readonly dryRun: boolean
  /** How long to wait for the gateways, in seconds. */
  readonly wait?: number
}

/** Makes the version go live through the gate. */
export async function carryOut(
  organization: string,
  { kind, pipeline, version = '', environment, from = '' }: Act,
  manner: Manner,
  signal?: AbortSignal,
): Promise<DeployOutput> {
  const options = { ...(signal !== undefined && { signal }) }
  const common = { organization, ...manner }
  switch (kind) {
    case 'deploy':
      return await sallyport.deploy({ ...common, pipeline, version, environment }, options)
    case 'promote':
      return await sallyport.promote({ ...common, deployment: from, environment }, options)
    case 'rollback':
      return await sallyport.rollback({ ...common, deployment: from }, options)
    case 'redeploy':
      return await sallyport.redeploy({ ...common, deployment: from }, options)
  }
}

/** What the gate says. */
export type Verdict =
  | { readonly passes: true; readonly plan: DeployOutput }
  | { readonly passes: false; readonly violations: readonly Violation[] }

/** Asks the gate, and changes nothing. */
export function gateQuery(organization: string, act: Act) {
  return queryOptions({
    queryKey: ['gate', organization, act],
    staleTime: 0,
    queryFn: async ({ signal }): Promise<Verdict> => {
      try {
        return { passes: true, plan: await carryOut(organization, act, { dryRun: true }, signal) }
      } catch (error) {
        const violations = violationsOf(error)
        if (violations === undefined) throw error
        return { passes: false, violations }
      }
    },
  })
}

/** Why the gate refuses; undefined if something else failed. */
export function violationsOf(error: unknown): readonly Violation[] | undefined {
  if (!(error instanceof SallyportError) || error.code !== 'deployment_refused') return undefined
  const { violations } = error.problem
  return Array.isArray(violations) ? (violations as readonly Violation[]) : undefined
}
