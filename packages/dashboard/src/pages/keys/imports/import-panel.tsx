import { Button } from '@mantine/core'
import type { Import } from '@sallyport/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { readAgain } from '../../../data/change.ts'
import { sessionQuery } from '../../../data/session.ts'
import { covers } from '../../../data/permissions.ts'
import { Absent } from '../../../parts/absent.tsx'
import { Actor } from '../../../parts/actor.tsx'
import { Fact, Facts } from '../../../parts/facts.tsx'
import { CopyableId } from '../../../parts/id.tsx'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { PanelSection, SidePanel } from '../../../parts/layers/side-panel.tsx'
import { Meter } from '../../../parts/meter.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import text from '../../../parts/text.module.css'
import { When } from '../../../parts/when.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { ImportState } from './import-columns.tsx'
import { useStopImport } from './mutations.ts'
import { NextSteps } from './next-steps.tsx'
import { Problems } from './problems.tsx'
import { importQuery, isUnderWay } from './queries.ts'

interface ImportPanelProps {
  readonly organization: string
  readonly id: string
  readonly onClose: () => void
}

/** How far an import is, which lines were refused, and what is to be done afterwards. */
export function ImportPanel({ organization, id, onClose }: ImportPanelProps) {
  const query = useQuery(importQuery(organization, id))
  const { data } = query
  useKeysReadAgain(organization, data)
  return (
    <SidePanel
      title={
        data === undefined ? (query.error === null ? id : t.imports.unknown) : t.imports.name(data.createdAt)
      }
      aside={data !== undefined && <ImportState {...data} />}
      about={<CopyableId value={id} />}
      onClose={onClose}
      foot={data !== undefined && isUnderWay(data) && <Stop organization={organization} shown={data} />}
    >
      <Loaded query={query} skeleton={<RowsSkeleton rows={6} />}>
        {(shown) => (
          <>
            <Progress shown={shown} />
            {shown.problemCount > 0 && <Problems shown={shown} />}
            {!isUnderWay(shown) && <NextSteps organization={organization} shown={shown} />}
            <Details organization={organization} shown={shown} />
          </>
        )}
      </Loaded>
    </SidePanel>
  )
}

/** Lists of keys, quotas and imports are older than what an import has made since. */
function useKeysReadAgain(organization: string, shown: Import | undefined): void {
  const queries = useQueryClient()
  const reached = shown === undefined ? undefined : `${shown.state} ${shown.made}`
  useEffect(() => {
    if (reached !== undefined) void readAgain(queries, organization, ['keys', 'quotas', 'imports'])
  }, [queries, organization, reached])
}

function Progress({ shown }: { readonly shown: Import }) {
  const { lines, read, made, problemCount } = shown
  const { panel } = t.imports
  if (lines === null) {
    return (
      <PanelSection label={panel.progress}>
        <p>{panel.receiving}</p>
      </PanelSection>
    )
  }
  return (
    <PanelSection label={panel.progress}>
      <div>
        <p role="status" className={text.strong}>
          {panel.lines(read, lines)}
        </p>
        <p className={text.meta}>
          {panel.made(made)}
          {problemCount > 0 && `, ${panel.refused(problemCount)}`}
        </p>
      </div>
      <Meter
        label={panel.bar}
        words={panel.lines(read, lines)}
        done={read}
        refused={Math.min(read, problemCount)}
        all={lines}
      />
    </PanelSection>
  )
}

interface PartProps {
  readonly organization: string
  readonly shown: Import
}

function Details({ organization, shown }: PartProps) {
  const { panel, underWay } = t.imports
  return (
    <PanelSection label={panel.facts}>
      <Facts>
        <Fact name={panel.started}>
          <When at={shown.createdAt} as="instant" />
        </Fact>
        <Fact name={panel.by}>
          <Actor organization={organization} id={shown.createdBy} />
        </Fact>
        <Fact name={panel.ended}>
          {shown.endedAt === null ? <Absent>{underWay}</Absent> : <When at={shown.endedAt} as="instant" />}
        </Fact>
      </Facts>
    </PanelSection>
  )
}

/** A person can stop their own imports, and with the permission for the whole organization those of others. */
function Stop({ organization, shown }: PartProps) {
  const { facts } = usePlace()
  const { data: session } = useQuery(sessionQuery)
  const stop = useStopImport(organization)
  const [asks, setAsks] = useState(false)
  const { panel, stop: words } = t.imports
  const isOwn = session?.member.id === shown.createdBy
  if (!isOwn && !covers(facts.permissions, { permission: 'keys.create' })) return null
  const submit = (): void => stop.mutate(shown.id, { onSuccess: () => setAsks(false) })
  return (
    <>
      <Button size="xs" data-destructive onClick={() => setAsks(true)}>
        {panel.stop}
      </Button>
      {asks && (
        <Confirm
          title={words.title}
          submit={words.submit}
          isDestructive
          isPending={stop.isPending}
          error={stop.error}
          onSubmit={submit}
          onClose={() => setAsks(false)}
        >
          <p>{words.text}</p>
        </Confirm>
      )}
    </>
  )
}
