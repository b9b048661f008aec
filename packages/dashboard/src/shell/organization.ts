import { useRouteContext, useSearch } from '@tanstack/react-router'
import { may } from '../data/permissions.ts'
import type { SessionOrganization } from '../data/session.ts'

/** The organization that the page is about, and what the person may do there. */
export interface Place {
  readonly organization: string
  /** The environment that pages show; undefined for all. */
  readonly environment: string | undefined
  /** Whether the person may do it, in the environment that the page shows. */
  readonly may: (permission: string, environment?: string) => boolean
  readonly facts: SessionOrganization
}

export function usePlace(): Place {
  const { organization: facts } = useRouteContext({ from: '/signed-in/organizations/$organization' })
  const { environment } = useSearch({ from: '/signed-in/organizations/$organization' })
  return {
    organization: facts.slug,
    environment,
    may: (permission, where = environment) => may(facts, permission, { environment: where }),
    facts,
  }
}
