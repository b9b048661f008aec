import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { readAgain } from '../../../data/change.ts'
import { environmentsQuery, policyQuery } from '../../../data/environments.ts'
import { periodOf } from '../../../data/usage/periods.ts'
import { covers } from '../../../data/permissions.ts'
import { pipelineChoicesQuery } from '../../../data/pipelines.ts'
import { usageQuery } from '../../../data/usage/usage.ts'
import { totalOf } from '../../../data/usage/usage-sums.ts'
import { say } from '../../../parts/messages/say.ts'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { consumersQuery } from '../../keys/create/choices.ts'
import { liveDeploymentsQuery } from '../../pipelines/data/queries.ts'
import type { OVERVIEW_PERIODS } from '../search.ts'
import { everCalledQuery } from './ever-called.ts'
import { type Progress, progressOf } from './progress.ts'

/** How often it is asked whether the first call was allowed, in ms. */
const CALL_MS = 2_000
/** How often it is asked what else was done, in ms. */
const STEP_MS = 15_000

/** Only a person who may read them everywhere knows that something is not there. */
const READS = ['usage.read', 'pipelines.read', 'consumers.read'] as const
/** The list is for those who may do at least one of its steps. */
const ACTS = ['pipelines.write', 'pipelines.deploy', 'consumers.write'] as const

export interface FirstSteps extends Progress {
  /** How many calls were refused. */
  readonly refused: number
}

/**
 * How far a new organization is. Null for a person who could not go on from there, and for good once a request was allowed;
 * undefined as long as that is not known.
 */
export function useFirstSteps(period: (typeof OVERVIEW_PERIODS)[number]): FirstSteps | null | undefined {
  const { organization, environment, facts, may } = usePlace()
  const isFor =
    READS.every((permission) => covers(facts.permissions, { permission })) &&
    ACTS.some((permission) => may(permission))
  const called = useCalled(period, isFor)
  const isNew = isFor && called?.isAllowed === false
  const repeated = { enabled: isNew, refetchInterval: STEP_MS }
  const environments = useQuery({ ...environmentsQuery(organization), enabled: isNew })
  const shown = (environments.data ?? [])
    .map(({ name }) => name)
    .filter((name) => may('policies.read', name) && (environment === undefined || name === environment))
  const policies = useQueries({
    queries: shown.map((name) => ({ ...policyQuery(organization, name), enabled: isNew })),
  })
  const pipelines = useQuery({ ...pipelineChoicesQuery(organization), ...repeated })
  const live = useQuery({ ...liveDeploymentsQuery(organization), ...repeated })
  const consumers = useQuery({ ...consumersQuery(organization, null), ...repeated })
  // Without one of these, it is not known how far the organization is, so the page is that of any other.
  const isUnknown = [environments, pipelines, live, consumers].some(
    ({ data, error }) => data === undefined && error !== null,
  )
  if (!isFor || called?.isAllowed === true || isUnknown) return null
  if (!isNew || pipelines.data === undefined || live.data === undefined || consumers.data === undefined)
    return undefined
  if (
    environments.data === undefined ||
    policies.some(({ data, error }) => data === undefined && error === null)
  )
    return undefined
  const demands = shown.flatMap((name, index) => {
    const mode = policies[index]?.data?.mode
    return mode === undefined ? [] : [{ environment: name, mode }]
  })
  const progress = progressOf({
    demands,
    pipelines: pipelines.data,
    live: live.data,
    consumers: consumers.data,
  })
  return { ...progress, refused: called.refused }
}

/** Whether a request was ever allowed; undefined while that is not known. Says so when the first one is. */
function useCalled(period: (typeof OVERVIEW_PERIODS)[number], isAsked: boolean) {
  const { organization, environment } = usePlace()
  const queries = useQueryClient()
  // The page reads it in any case, and repeats it. For most organizations nothing else is asked.
  const usage = useQuery({
    ...usageQuery(organization, period, (nowMs) => periodOf(period, nowMs), { environment }),
    enabled: isAsked,
    refetchInterval: false,
  })
  const isQuiet = usage.data !== undefined && totalOf(usage.data.sums).allowed === 0
  const ever = useQuery({
    ...everCalledQuery(organization),
    enabled: isAsked && isQuiet,
    refetchInterval: ({ state }) => (state.data?.isAllowed === false ? CALL_MS : false),
  })
  const called = usage.data === undefined || isQuiet ? ever.data : { isAllowed: true, refused: 0 }
  const isAllowed = called?.isAllowed
  const newOne = useRef<string | undefined>(undefined)
  useEffect(() => {
    if (isAllowed === false) newOne.current = organization
    if (isAllowed !== true || newOne.current !== organization) return
    newOne.current = undefined
    say(t.firstSteps.over)
    void readAgain(queries, organization, ['usage'])
  }, [isAllowed, queries, organization])
  return called
}
