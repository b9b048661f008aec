import { Button, Select } from '@mantine/core'
import type { ListedDeployment, Pipeline, PipelineVersion } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Actor } from '../../../parts/actor.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import text from '../../../parts/text.module.css'
import { When } from '../../../parts/when.tsx'
import { IN_LANDMARK } from '../../../parts/layers/in-landmark.ts'
import { t } from '../../../texts/texts.ts'
import { usePipelineSearch } from '../address/use-pipeline-search.ts'
import { versionsQuery } from '../data/queries.ts'
import { writeSpec } from '../spec/spec-text.ts'
import { DiffView } from './diff-view.tsx'
import classes from './versions-tab.module.css'

interface VersionsTabProps {
  readonly organization: string
  readonly shown: Pipeline
  readonly live: readonly ListedDeployment[]
}

/** How many versions are listed before one asks for all. */
const LISTED = 50

/** Every version, newest first, and what changed from one to another. */
export function VersionsTab({ organization, shown, live }: VersionsTabProps) {
  const query = useQuery(versionsQuery(organization, shown.name))
  const { search } = usePipelineSearch()
  return (
    <Loaded query={query} skeleton={<RowsSkeleton rows={6} />}>
      {(versions) => {
        const after = versions.find(({ version }) => version === search.after) ?? versions[0]
        const earlier = versions[versions.findIndex(({ version }) => version === after?.version) + 1]
        const before = versions.find(({ version }) => version === search.before) ?? earlier
        return (
          <div className={classes.parts}>
            <List organization={organization} versions={versions} openVersion={after?.version} live={live} />
            <section aria-label={t.pipeline.versions.comparison}>
              <Comparison versions={versions} before={before} after={after} />
            </section>
          </div>
        )
      }}
    </Loaded>
  )
}

interface ListProps {
  readonly organization: string
  readonly versions: readonly PipelineVersion[]
  readonly openVersion: string | undefined
  readonly live: readonly ListedDeployment[]
}

function List({ organization, versions, openVersion, live }: ListProps) {
  const [isWhole, setWhole] = useState(false)
  const words = t.pipeline.versions
  const listed = isWhole ? versions : versions.slice(0, LISTED)
  return (
    <div>
      <ol className={classes.list} aria-label={words.list}>
        {listed.map(({ version, comment, createdAt, createdBy }) => {
          const places = live.filter((each) => each.version === version).map(({ environment }) => environment)
          return (
            <li key={version} data-open={version === openVersion || undefined}>
              <div className={classes.line}>
                <Link
                  to="."
                  search={(search) => ({ ...search, after: version, before: undefined })}
                  activeOptions={{ exact: true, explicitUndefined: true }}
                  aria-current={version === openVersion ? 'true' : undefined}
                >
                  {version}
                </Link>
                {places.length > 0 && <span className={text.meta}>{words.live(places)}</span>}
              </div>
              {comment !== null && <p>{comment}</p>}
              <span className={text.meta}>
                <When at={createdAt} /> {words.by} <Actor organization={organization} id={createdBy} />
              </span>
            </li>
          )
        })}
      </ol>
      {listed.length < versions.length && (
        <Button size="xs" onClick={() => setWhole(true)}>
          {words.all(versions.length)}
        </Button>
      )}
    </div>
  )
}

interface ComparisonProps {
  readonly versions: readonly PipelineVersion[]
  readonly before: PipelineVersion | undefined
  readonly after: PipelineVersion | undefined
}

/** Two versions to choose, and the lines that differ. */
function Comparison({ versions, before, after }: ComparisonProps) {
  const { set } = usePipelineSearch()
  const words = t.pipeline.versions
  if (after === undefined) return null
  const numbers = versions.map(({ version }) => version)
  return (
    <>
      <div className={classes.choices}>
        <Select
          comboboxProps={IN_LANDMARK}
          aria-label={words.before}
          data={numbers}
          value={before?.version ?? null}
          placeholder={words.nothing}
          allowDeselect={false}
          onChange={(version) => set({ before: version ?? undefined })}
        />
        <span>{words.to}</span>
        <Select
          comboboxProps={IN_LANDMARK}
          aria-label={words.after}
          data={numbers}
          value={after.version}
          allowDeselect={false}
          onChange={(version) => set({ after: version ?? undefined, before: before?.version })}
        />
      </div>
      <DiffView
        label={words.diff(before?.version, after.version)}
        before={before === undefined ? '' : writeSpec(before.spec)}
        after={writeSpec(after.spec)}
      />
    </>
  )
}
