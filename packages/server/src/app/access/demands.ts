import { lackingGrants, permits } from '@sallyport/core'
import type { Actor, Demand } from './actor.ts'
import { boundsExceeded, excessOf, NO_BOUNDS } from './credential-bounds.ts'
import { permissionMissing } from './permission-checks.ts'
import { requireStepUp } from './step-up.ts'

/** The same actor, which records each check that it passes. */
export function recordingActor(actor: Actor): { readonly actor: Actor; readonly demands: readonly Demand[] } {
  const demands: Demand[] = []
  return {
    demands,
    actor: {
      id: actor.id,
      address: actor.address,
      // Read at each use: renewing the actor replaces them.
      get kind() {
        return actor.kind
      },
      get organizations() {
        return actor.organizations
      },
      get confirmedAtMs() {
        return actor.confirmedAtMs ?? Infinity
      },
      get bounds() {
        return actor.bounds ?? NO_BOUNDS
      },
      get usesOldSecret() {
        return actor.usesOldSecret ?? false
      },
      get portal() {
        return actor.portal
      },
      get givesNothing() {
        return actor.givesNothing ?? false
      },
      grantsIn: (organization) => actor.grantsIn(organization),
      rolesIn: (organization) => actor.rolesIn(organization),
      renew: async (readers, nowMs) => await actor.renew?.(readers, nowMs),
      record: (demand) => void demands.push(demand),
    },
  }
}

/**
 * Makes recorded checks again.
 *
 * @throws Problem `permission_missing` or `step_up_required` for the first one that the actor no longer passes
 */
export function requireDemands(actor: Actor, demands: readonly Demand[], nowMs: () => number): void {
  for (const demand of demands) {
    switch (demand.kind) {
      case 'permission': {
        const { organization, permission, target } = demand
        if (!permits(actor.grantsIn(organization) ?? [], permission, target)) {
          throw permissionMissing({ actor }, permission, organization, target)
        }
        break
      }
      case 'grants': {
        const [lacking] = lackingGrants(actor.grantsIn(demand.organization) ?? [], demand.grants)
        if (lacking !== undefined) throw permissionMissing({ actor }, lacking.permission, demand.organization)
        break
      }
      case 'bounds': {
        const { permission, bounds } = demand
        const excess = actor.bounds === undefined ? [] : excessOf(actor.bounds, bounds)
        if (excess.length > 0) throw boundsExceeded(actor, permission, excess)
        break
      }
      case 'step-up': {
        requireStepUp({ actor, nowMs })
      }
    }
  }
}
