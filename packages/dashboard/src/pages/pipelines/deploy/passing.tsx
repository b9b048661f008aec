import { Button } from '@mantine/core'
import type { DeployOutput, ListedDeployment } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Absent } from '../../../parts/absent.tsx'
import { Fact, Facts } from '../../../parts/facts.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { CopyableId } from '../../../parts/id.tsx'
import { Note } from '../../../parts/states/note.tsx'
import { State } from '../../../parts/state.tsx'
import { When } from '../../../parts/when.tsx'
import { t } from '../../../texts/texts.ts'
import { versionsQuery } from '../data/queries.ts'
import { writeSpec } from '../spec/spec-text.ts'
import { triggerFacts } from '../spec/trigger-facts.ts'
import { lineDiff } from '../versions/line-diff.ts'
import type { Act } from '../data/act.ts'
import classes from './deploy-panel.module.css'

interface PassingProps {
  readonly organization: string
  readonly act: Act
  readonly plan: DeployOutput
  readonly replaced: ListedDeployment | undefined
  readonly isPending: boolean
  readonly error: unknown
  readonly onDeploy: () => void
}

/** What will be in force when a version that conforms goes live. */
export function Passing({ organization, act, plan, replaced, isPending, error, onDeploy }: PassingProps) {
  const { data: versions } = useQuery(versionsQuery(organization, plan.pipeline))
  const specOf = (wanted: string | undefined): unknown =>
    versions?.find(({ version }) => version === wanted)?.spec
  const spec = specOf(plan.version)
  const { deploy } = t.pipeline
  return (
    <div className={classes.part} aria-live="polite">
      <div className={classes.verdict}>
        <State tone="ok">{deploy.conforms(plan.version)}</State>
      </div>
      {plan.warnings.map(({ rule, path, detail }) => (
        <Note
          key={rule + path}
          tone="warn"
          title={deploy.warnings[rule as keyof typeof deploy.warnings] ?? rule}
        >
          {detail}
        </Note>
      ))}
      <Facts>
        <Fact name={deploy.replaces}>
          {replaced === undefined ? (
            <Absent>{deploy.replacesNothing}</Absent>
          ) : (
            <>
              {deploy.liveSince(replaced.version)} <When at={replaced.createdAt} as="day" />
            </>
          )}
        </Fact>
        {replaced !== undefined && (
          <Fact name={deploy.changes}>
            <Changes before={replaced.version} after={plan.version} specOf={specOf} />
          </Fact>
        )}
        {spec !== undefined && (
          <Fact name={deploy.callers}>
            {deploy.demands(triggerFacts(spec).required, triggerFacts(spec).isExposing)}
          </Fact>
        )}
        {plan.url !== null && (
          <Fact name={deploy.url}>
            <span className={classes.url}>
              <CopyableId value={plan.url} />
            </span>
          </Fact>
        )}
      </Facts>
      {error !== null && error !== undefined && <Failure error={error} retry={onDeploy} />}
      <div className={classes.foot}>
        <Button variant="filled" loading={isPending} onClick={onDeploy}>
          {deploy.submits[act.kind](plan.version, plan.environment)}
        </Button>
      </div>
    </div>
  )
}

interface ChangesProps {
  readonly before: string
  readonly after: string
  readonly specOf: (version: string) => unknown
}

function Changes({ before, after, specOf }: ChangesProps) {
  const [old, fresh] = [specOf(before), specOf(after)]
  const { deploy } = t.pipeline
  if (old === undefined || fresh === undefined) return null
  const lines = lineDiff(writeSpec(old), writeSpec(fresh))
  const amount = (wanted: string): number => lines.filter(({ change }) => change === wanted).length
  const words = deploy.lines(amount('added'), amount('removed'))
  if (amount('added') + amount('removed') === 0) return <Absent>{words}</Absent>
  return (
    <Link to="." search={(search) => ({ ...search, tab: 'versions', before, after })}>
      {words}
    </Link>
  )
}
