import { Button } from '@mantine/core'
import { type Pipeline, SallyportError } from '@sallyport/sdk'
import { useId, useMemo, useState } from 'react'
import { CodeEditor } from '../../../parts/code-editor/code-editor.tsx'
import type { LineMark } from '../../../parts/code-editor/marks.ts'
import { Failure } from '../../../parts/states/failure.tsx'
import { Note } from '../../../parts/states/note.tsx'
import { State } from '../../../parts/state.tsx'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import type { Violation } from '../spec/fixes.ts'
import { CLOSED } from '../address/search.ts'
import { usePipelineSearch } from '../address/use-pipeline-search.ts'
import type { Draft } from './use-draft.ts'
import type { Reading } from './use-reading.ts'
import type { useSaveVersion } from '../data/mutations.ts'
import { SPEC_KNOWLEDGE } from '../schema/knowledge.ts'
import type { FormAccess } from '../form/form-access.ts'
import { FieldHelp } from './field-help.tsx'
import { problemsByStep, problemsOf, specFaults } from './problems.ts'
import classes from './spec-tab.module.css'
import { changed, type ParsedSpec, placeOf, setAt } from '../spec/spec-text.ts'
import { SaveVersion } from './save-version.tsx'
import { StepList } from './step-list.tsx'
import { TriggerForm } from './trigger-form.tsx'
import { triggerFacts } from '../spec/trigger-facts.ts'

const NO_MARKS: readonly LineMark[] = []

interface SpecTabProps {
  readonly shown: Pipeline
  readonly draft: Draft
  /** Its text as a spec. */
  readonly reading: Reading
  /** Why the gate refuses what is saved. */
  readonly violations: readonly Violation[]
  readonly save: ReturnType<typeof useSaveVersion>
  readonly saveAs: (bump: 'minor' | 'major') => void
  /** The place to show, as a JSON Pointer. */
  readonly at: string | undefined
  readonly mayWrite: boolean
}

/** The spec: its trigger as a form, beside the text. Both are the same, and either can be changed. */
export function SpecTab({ shown, draft, reading, violations, save, saveAs, at, mayWrite }: SpecTabProps) {
  const { set } = usePipelineSearch()
  const { parsed, isLong, isCurrent } = reading
  const readable = useReadable(parsed)
  const facts = useMemo(() => triggerFacts(readable), [readable])
  const marked = useMemo(
    () => (isCurrent ? problemsOf(parsed, save.error, violations) : NO_MARKS),
    [isCurrent, parsed, save.error, violations],
  )
  const problems = useMemo(() => problemsByStep(parsed, facts.steps, marked), [parsed, facts, marked])
  const [cursor, setCursor] = useState<number>()
  const helpId = useId()
  const faults = useMemo(
    () => (parsed.ok ? specFaults(parsed.spec, save.error, violations) : []),
    [parsed, save.error, violations],
  )
  const edit = (next: string): void => {
    save.reset()
    draft.set(next)
    if (at !== undefined) set({ at: undefined })
  }
  const access: FormAccess = {
    isDisabled: !parsed.ok || !mayWrite,
    faults,
    set: (path, value) => edit(changed(draft.text, (document) => setAt(document, path, value))),
    show: (pointer) => set({ at: pointer }),
  }
  const goTo =
    at !== undefined && parsed.ok && isCurrent
      ? { place: at, at: placeOf(parsed.document, at).from }
      : undefined
  const { spec } = t.pipeline
  return (
    <div className={classes.space}>
      <div className={classes.parts} data-long={isLong || undefined}>
        <section aria-label={spec.trigger}>
          <div className={classes.head}>
            <h2>{spec.trigger}</h2>
            <span className={text.meta}>{spec.version(shown.version)}</span>
          </div>
          {isLong ? (
            <Note tone="plain" title={spec.long}>
              {spec.longNext}
            </Note>
          ) : (
            <div className={classes.form}>
              <TriggerForm spec={readable} facts={facts} isReadable={parsed.ok} access={access} />
              <StepList
                steps={facts.steps}
                problems={problems}
                spec={draft.text}
                parsed={readable}
                access={access}
                mayWrite={mayWrite}
                onChange={edit}
              />
            </div>
          )}
        </section>
        <section className={classes.beside} aria-label={spec.heading}>
          <div className={classes.head}>
            <h2>{spec.heading}</h2>
            {mayWrite ? (
              <Button
                size="compact-xs"
                variant="subtle"
                onClick={() => set({ ...CLOSED, panel: 'expression' })}
              >
                {t.expressionTrial.open}
              </Button>
            ) : (
              <span className={text.meta}>{spec.yaml}</span>
            )}
          </div>
          <div className={classes.text}>
            <CodeEditor
              label={spec.editor(shown.name)}
              value={draft.text}
              isReadOnly={!mayWrite}
              marked={marked}
              goTo={goTo}
              knowledge={SPEC_KNOWLEDGE}
              describedBy={helpId}
              onChange={edit}
              onCursor={setCursor}
            />
          </div>
          <FieldHelp id={helpId} spec={draft.text} cursor={cursor} />
          <SpecState draft={draft} marked={marked} reading={reading} />
          {draft.base !== shown.version && (
            <Overtaken draft={draft} newest={shown.version} onDecide={save.reset} />
          )}
          {save.error !== null && !isListed(save.error) && draft.base === shown.version && (
            <Failure error={save.error} retry={() => saveAs('minor')} />
          )}
          {mayWrite && draft.isChanged && draft.base === shown.version && (
            <SaveVersion newest={shown.version} draft={draft} save={save} saveAs={saveAs} />
          )}
        </section>
      </div>
    </div>
  )
}

interface OvertakenProps {
  readonly draft: Draft
  readonly newest: string
  /** Forgets the refusal of the save. */
  readonly onDecide: () => void
}

/** Another person has saved a version while this text was being written. What they changed must not be lost. */
function Overtaken({ draft, newest, onDecide }: OvertakenProps) {
  const { set } = usePipelineSearch()
  const words = t.pipeline.overtaken
  return (
    <Note tone="warn" role="alert" title={words.title(newest)}>
      <p>{words.text(draft.base, newest)}</p>
      <div className={classes.foot}>
        <Button
          size="xs"
          onClick={() => {
            onDecide()
            draft.discard()
          }}
        >
          {t.pipeline.spec.discard}
        </Button>
        <Button size="xs" onClick={() => set({ tab: 'versions', before: draft.base, after: newest })}>
          {words.compare}
        </Button>
        <Button
          size="xs"
          onClick={() => {
            onDecide()
            draft.rebase()
          }}
        >
          {words.goOn(newest)}
        </Button>
      </div>
    </Note>
  )
}

/** The spec as it was read last: while a text is being typed, it cannot always be read. */
function useReadable(parsed: ParsedSpec): unknown {
  const [last, setLast] = useState<unknown>(parsed.ok ? parsed.spec : null)
  if (parsed.ok && parsed.spec !== last) setLast(parsed.spec)
  return parsed.ok ? parsed.spec : last
}

/** Whether every problem of a refused save stands at a line. */
function isListed(error: unknown): boolean {
  return error instanceof SallyportError && error.code === 'invalid_request' && error.errors.length > 0
}

interface SpecStateProps {
  readonly draft: Draft
  readonly marked: ReturnType<typeof problemsOf>
  readonly reading: Reading
}

function SpecState({ draft, marked, reading }: SpecStateProps) {
  const { spec } = t.pipeline
  return (
    <div className={classes.state} role="status">
      {marked.length > 0 ? (
        <>
          <State tone="bad">{reading.parsed.ok ? spec.problems(marked.length) : spec.notYaml}</State>
          <ul>
            {marked.map(({ from, message }) => (
              <li key={`${from} ${message}`}>{spec.problem(lineOf(draft.text, from), message)}</li>
            ))}
          </ul>
        </>
      ) : (
        <>
          <State tone={draft.isChanged ? 'info' : 'idle'} mark={draft.isChanged ? 'half' : 'full'}>
            {draft.isChanged ? spec.changed : spec.unchanged}
          </State>
          <span className={text.meta}>
            {!reading.isCurrent ? spec.notReadYet : reading.isLong ? spec.isRead : spec.same}
          </span>
        </>
      )}
    </div>
  )
}

function lineOf(whole: string, at: number): number {
  return whole.slice(0, at).split('\n').length
}
