import { Button, NumberInput, TagsInput, Textarea } from '@mantine/core'
import type { DeployOutput, ListedDeployment } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { Dialog } from '../../../parts/layers/dialog.tsx'
import layout from '../../../parts/layers/form.module.css'
import { Receipt } from '../../../parts/receipt.tsx'
import { Note } from '../../../parts/states/note.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { CLOSED } from '../address/search.ts'
import { usePipelineSearch } from '../address/use-pipeline-search.ts'
import { violationsOf } from '../data/act.ts'
import { versionsQuery } from '../data/queries.ts'
import { nextVersion } from '../spec/next-version.ts'
import {
  DETAIL_CHARS_MAX,
  isInMaintenance,
  type Maintenance,
  RETRY_AFTER_SECONDS_DEFAULT,
  RETRY_AFTER_SECONDS_MAX,
  type WayLive,
  wayLive,
  withMaintenance,
  withoutMaintenance,
} from './maintenance-spec.ts'
import { useMaintenance } from './use-maintenance.ts'

const NOTHING: Maintenance = { detail: '', retryAfterSeconds: null, exceptAddresses: [] }

interface MaintenanceDialogProps {
  readonly organization: string
  /** The id of the deployment. */
  readonly id: string
  readonly history: readonly ListedDeployment[]
  readonly onClose: () => void
}

/** Puts what is live into maintenance, or takes it out again. */
export function MaintenanceDialog({ organization, id, history, onClose }: MaintenanceDialogProps) {
  const deployment = history.find((each) => each.id === id)
  // What it was about when it was opened: the deployment that it makes has another id.
  if (deployment === undefined) return null
  return <Switching organization={organization} deployment={deployment} onClose={onClose} />
}

interface SwitchingProps {
  readonly organization: string
  readonly deployment: ListedDeployment
  readonly onClose: () => void
}

function Switching({ organization, deployment, onClose }: SwitchingProps) {
  const { may } = usePlace()
  const { pipeline, version, environment, endedAt } = deployment
  const { data: versions = [] } = useQuery(versionsQuery(organization, pipeline))
  const [values, setValues] = useState(NOTHING)
  const change = useMaintenance(organization, pipeline)
  const words = t.maintenance
  const spec = versions.find((each) => each.version === version)?.spec
  if (change.data !== undefined) {
    return <Done done={change.data} isStart={!isInMaintenance(spec)} onClose={onClose} />
  }
  if (spec === undefined || endedAt !== null) return null
  const isStart = !isInMaintenance(spec)
  const wanted = isStart ? withMaintenance(spec, values) : withoutMaintenance(spec)
  const way = wayLive(wanted, version, versions)
  const reason = whyNot(way, version, may('pipelines.write'))
  const title = isStart ? words.start(pipeline, environment) : words.end(pipeline, environment)
  if (reason !== undefined) {
    return (
      <Dialog
        isSmall
        title={title}
        onClose={onClose}
        foot={<Button onClick={onClose}>{t.parts.close}</Button>}
      >
        <Note tone="warn" title={reason.title}>
          {reason.text}
        </Note>
      </Dialog>
    )
  }
  const send = (): void => {
    if (way.kind === 'none') return
    const comment = isStart ? words.startComment(version) : words.endComment(version)
    change.mutate({ spec: wanted, way, environment, comment })
  }
  const violations = violationsOf(change.error)
  return (
    <Confirm
      title={title}
      submit={isStart ? words.submitStart : words.submitEnd}
      isPending={change.isPending}
      error={violations === undefined ? change.error : null}
      onSubmit={send}
      onClose={onClose}
    >
      <p>{isStart ? words.startText : words.endText}</p>
      {isStart && <MaintenanceFields values={values} onChange={setValues} />}
      <p>{wayWords(way, version, environment)}</p>
      {violations !== undefined && way.kind === 'existing' && (
        <Refusal version={way.version} environment={environment} rules={violations.map(({ rule }) => rule)} />
      )}
    </Confirm>
  )
}

interface Reason {
  readonly title: string
  readonly text: string
}

/** Why the switch cannot be made here; undefined if it can. */
function whyNot(way: WayLive, version: string, mayWrite: boolean): Reason | undefined {
  const { older, mayNot } = t.maintenance
  if (way.kind === 'none') return { title: older.title(version), text: older.text(way.newest) }
  return way.kind === 'new' && !mayWrite ? mayNot : undefined
}

function wayWords(way: WayLive, version: string, environment: string): string {
  const { way: words } = t.maintenance
  if (way.kind === 'none') return ''
  return way.kind === 'existing'
    ? words.existing(way.version, version, environment)
    : words.fresh(nextVersion(way.base, 'minor'), version, environment)
}

interface MaintenanceFieldsProps {
  readonly values: Maintenance
  readonly onChange: (values: Maintenance) => void
}

/** What callers are told meanwhile, and who is served all the same. */
function MaintenanceFields({ values, onChange }: MaintenanceFieldsProps) {
  const { fields } = t.maintenance
  const set = (change: Partial<Maintenance>): void => onChange({ ...values, ...change })
  return (
    <div className={layout.form}>
      <Textarea
        data-autofocus
        label={fields.detail}
        description={fields.detailHint}
        placeholder={fields.usualDetail}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={DETAIL_CHARS_MAX}
        value={values.detail}
        onChange={({ currentTarget }) => set({ detail: currentTarget.value })}
      />
      <NumberInput
        label={fields.retryAfter}
        description={fields.retryAfterHint}
        placeholder={String(RETRY_AFTER_SECONDS_DEFAULT)}
        min={1}
        max={RETRY_AFTER_SECONDS_MAX}
        clampBehavior="strict"
        allowDecimal={false}
        allowNegative={false}
        hideControls
        value={values.retryAfterSeconds ?? ''}
        onChange={(chosen) => set({ retryAfterSeconds: typeof chosen === 'number' ? chosen : null })}
      />
      <TagsInput
        label={fields.exceptAddresses}
        description={fields.exceptAddressesHint}
        spellCheck={false}
        acceptValueOnBlur
        value={[...values.exceptAddresses]}
        onChange={(exceptAddresses) => set({ exceptAddresses })}
      />
    </div>
  )
}

interface RefusalProps {
  readonly version: string
  readonly environment: string
  readonly rules: readonly string[]
}

/** The version is saved, but the gate keeps it from going live. The panel beside the page says what to do. */
function Refusal({ version, environment, rules }: RefusalProps) {
  const { set } = usePipelineSearch()
  const { refused } = t.maintenance
  const { deploy } = t.pipeline
  return (
    <Note
      tone="bad"
      role="alert"
      isBrought
      title={refused.title(version, environment)}
      action={
        <Button size="xs" onClick={() => set({ ...CLOSED, panel: 'deploy', version, to: environment })}>
          {refused.open}
        </Button>
      }
    >
      {rules
        .map((rule) => deploy.rules[rule as keyof typeof deploy.rules] ?? deploy.otherRule(rule))
        .join('. ')}
    </Note>
  )
}

interface DoneProps {
  readonly done: DeployOutput
  readonly isStart: boolean
  readonly onClose: () => void
}

/** What is in force now, and on which gateways. */
function Done({ done, isStart, onClose }: DoneProps) {
  const { pipeline, version, environment, receipt } = done
  const words = t.maintenance
  return (
    <Dialog
      isSmall
      title={isStart ? words.started(pipeline, environment) : words.ended(pipeline, environment)}
      onClose={onClose}
      foot={<Button onClick={onClose}>{t.parts.close}</Button>}
    >
      <p role="status">{words.live(version, environment)}</p>
      {receipt !== undefined && <Receipt receipt={receipt} />}
    </Dialog>
  )
}
