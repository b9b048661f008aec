import { Button } from '@mantine/core'
import type { Policy, SetPolicyOutput } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSeen } from '../../parts/edits/use-seen.ts'
import { Bars } from '../../parts/charts/bars.tsx'
import { Confirm } from '../../parts/layers/confirm.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { State } from '../../parts/state.tsx'
import text from '../../parts/text.module.css'
import { t } from '../../texts/texts.ts'
import { Affected } from './affected.tsx'
import { useSetPolicy } from './mutations.ts'
import classes from './preview.module.css'
import { effectQuery } from './queries.ts'

interface PreviewProps {
  readonly organization: string
  readonly environment: string
  /** What is in force. */
  readonly policy: Policy
  readonly mode: Policy['mode']
  readonly onDone: () => void
}

/** What another mode would change, and the button that sets it. */
export function Preview({ organization, environment, policy, mode, onDone }: PreviewProps) {
  const query = useQuery(effectQuery(organization, environment, mode))
  const set = useSetPolicy(organization, environment)
  const seen = useSeen(policy, set.error)
  const [asks, setAsks] = useState(false)
  const { policies } = t
  const { confirm } = policies
  return (
    <section aria-label={policies.preview.title}>
      <div className={classes.head}>
        <h2>{policies.preview.title}</h2>
        <span className={text.meta}>{policies.preview.hint}</span>
      </div>
      <Loaded query={query} skeleton={<RowsSkeleton rows={3} />}>
        {(effect) => <Effect organization={organization} environment={environment} effect={effect} />}
      </Loaded>
      <div className={classes.buttons}>
        <Button variant="filled" onClick={() => setAsks(true)}>
          {policies.submit(mode, environment)}
        </Button>
        <Button onClick={onDone}>{policies.discard}</Button>
        <span className={text.meta}>{policies.asksFor(environment)}</span>
      </div>
      {asks && (
        <Confirm
          title={confirm.title(mode, environment)}
          submit={confirm.submit}
          typed={environment}
          isPending={set.isPending}
          error={set.error}
          onSubmit={() =>
            set.mutate(
              { mode, seen },
              {
                onSuccess: () => {
                  setAsks(false)
                  onDone()
                },
              },
            )
          }
          onClose={() => setAsks(false)}
        >
          <p>{policies.preview.effect(query.data?.affected.length ?? 0, environment)}</p>
        </Confirm>
      )}
    </section>
  )
}

interface EffectProps {
  readonly organization: string
  readonly environment: string
  readonly effect: SetPolicyOutput
}

function Effect({ organization, environment, effect }: EffectProps) {
  const { preview, bars } = t.policies
  const { total, conforming } = effect.conformity
  const stopping = effect.affected.filter(({ stopsConforming }) => stopsConforming).length
  const not = effect.affected.length - stopping
  return (
    <div className={classes.card}>
      <div className={classes.summary}>
        <div className={classes.line}>
          <b>{preview.keep(conforming, total)}</b>
          {stopping > 0 && <State tone="bad">{preview.stop(stopping)}</State>}
          <span className={classes.end}>{preview.traffic}</span>
        </div>
        <Bars good={conforming} stopping={stopping} bad={not} label={bars(conforming, stopping, not)} />
        <p className={text.meta}>{preview.effect(effect.affected.length, environment)}</p>
      </div>
      {effect.affected.length > 0 && <Affected organization={organization} affected={effect.affected} />}
    </div>
  )
}
