import { Button } from '@mantine/core'
import type { Pipeline } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { environmentsQuery } from '../../../data/environments.ts'
import { Failure } from '../../../parts/states/failure.tsx'
import { State } from '../../../parts/state.tsx'
import text from '../../../parts/text.module.css'
import { say } from '../../../parts/messages/say.ts'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { nextVersion } from '../spec/next-version.ts'
import { usePipelineSearch } from '../address/use-pipeline-search.ts'
import { useSaveVersion } from '../data/mutations.ts'
import { versionsQuery } from '../data/queries.ts'
import { changed, parseSpec, writeSpec } from '../spec/spec-text.ts'
import type { Act } from '../data/act.ts'
import classes from './deploy-panel.module.css'
import { fix, fixableRule, type Violation } from '../spec/fixes.ts'

interface RefusedProps {
  readonly organization: string
  readonly shown: Pipeline
  readonly act: Act
  readonly violations: readonly Violation[]
}

/** Why the gate refuses a version, and what a button can do about it. */
export function Refused({ organization, shown, act, violations }: RefusedProps) {
  const { may } = usePlace()
  const { set } = usePipelineSearch()
  const save = useSaveVersion(organization, shown.name)
  const { data: versions } = useQuery(versionsQuery(organization, shown.name))
  const spec = versions?.find(({ version }) => version === act.version)?.spec
  const mayFix = may('pipelines.write') && spec !== undefined
  const fixable = mayFix ? violations.filter((each) => fixableRule(each) !== undefined) : []
  const { deploy } = t.pipeline
  const next = nextVersion(shown.version, 'minor')
  const fixAll = (chosen: readonly Violation[]): void => {
    const parsed = parseSpec(changed(writeSpec(spec), (document) => fix(document, chosen)))
    if (!parsed.ok || save.isPending) return
    save.mutate(
      { spec: parsed.spec, bump: 'minor', base: shown.version },
      {
        onSuccess: ({ version }) => {
          say(t.pipeline.saved(shown.name, version))
          set({ panel: 'deploy', version, to: act.environment, deployment: undefined })
        },
      },
    )
  }
  return (
    <div aria-live="polite">
      <div className={classes.verdict}>
        <State tone="bad">{deploy.refused(violations.length)}</State>
        {fixable.length > 0 && (
          <Button size="xs" variant="filled" loading={save.isPending} onClick={() => fixAll(fixable)}>
            {deploy.fixAll(fixable.length, violations.length, next)}
          </Button>
        )}
      </div>
      <ul>
        {violations.map((violation) => (
          <li key={violation.rule + violation.path} className={classes.violation}>
            <Why
              organization={organization}
              violation={violation}
              onFix={
                fixable.includes(violation) && violations.length > 1 ? () => fixAll([violation]) : undefined
              }
            />
          </li>
        ))}
      </ul>
      {save.error !== null && <Failure error={save.error} retry={() => fixAll(fixable)} />}
      {fixable.length > 0 && <p className={classes.hint}>{deploy.fixHint}</p>}
    </div>
  )
}

interface WhyProps {
  readonly organization: string
  readonly violation: Violation
  readonly onFix: (() => void) | undefined
}

function Why({ organization, violation, onFix }: WhyProps) {
  const { deploy } = t.pipeline
  const { rule, path, required, found, fix: remedy } = violation
  const fixed = fixableRule(violation)
  return (
    <>
      <div className={classes.head}>
        <span>{deploy.rules[rule as keyof typeof deploy.rules] ?? deploy.otherRule(rule)}</span>
        {onFix !== undefined && fixed !== undefined && (
          <Button size="compact-xs" onClick={onFix}>
            {deploy.fixes[fixed]}
          </Button>
        )}
        {rule === 'not-live-before' && <DeployBefore organization={organization} violation={violation} />}
      </div>
      <dl className={classes.places}>
        <dt>{deploy.required}</dt>
        <dd>
          <code>{required}</code>
        </dd>
        <dt>{deploy.found}</dt>
        <dd>
          <code>{found}</code>
          {path !== '' && (
            <>
              {' '}
              <span className={text.dim}>{deploy.at}</span>{' '}
              <Link to="." search={(search) => ({ ...search, tab: undefined, at: path })}>
                <code>{path}</code>
              </Link>
            </>
          )}
        </dd>
      </dl>
      {fixed === undefined && <p className={text.meta}>{remedy}</p>}
    </>
  )
}

/** The version must be live in the environment before: deploy it there first. */
function DeployBefore({ organization, violation }: Omit<WhyProps, 'onFix'>) {
  const { set } = usePipelineSearch()
  const { data = [] } = useQuery(environmentsQuery(organization))
  const previous = data[data.findIndex(({ name }) => name === violation.environment) - 1]
  if (previous === undefined) return null
  return (
    <Button
      size="compact-xs"
      onClick={() => set({ panel: 'deploy', to: previous.name, deployment: undefined })}
    >
      {t.pipeline.deploy.before(previous.name)}
    </Button>
  )
}
