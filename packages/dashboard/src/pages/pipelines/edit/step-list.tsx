import { ActionIcon, Button, Menu, VisuallyHidden } from '@mantine/core'
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react'
import { Icon } from '../../../parts/icon.tsx'
import { say } from '../../../parts/messages/say.ts'
import { State } from '../../../parts/state.tsx'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { ArrangedFields } from '../form/arranged-fields.tsx'
import type { FormAccess } from '../form/form-access.ts'
import { memberOf, schemaAt } from '../schema/walk.ts'
import { STEP_MEANINGS } from '../schema/step-meanings.ts'
import { changed } from '../spec/spec-text.ts'
import { withoutStep, withStepMoved } from '../spec/step-order.ts'
import { addStep, type StepKind } from '../spec/step-templates.ts'
import type { StepFacts } from '../spec/trigger-facts.ts'
import classes from './step-list.module.css'

interface StepListProps {
  readonly steps: readonly StepFacts[]
  /** How many problems each step has, by its place. */
  readonly problems: ReadonlyMap<string, number>
  /** The text of the spec. */
  readonly spec: string
  /** The spec as it was read last. */
  readonly parsed: unknown
  readonly access: FormAccess
  readonly mayWrite: boolean
  readonly onChange: (spec: string) => void
}

/** The steps in order, each with its fields. Comments stay with their steps. */
export function StepList({ steps, problems, spec, parsed, access, mayWrite, onChange }: StepListProps) {
  const words = t.pipeline.spec
  const { isDisabled, show: onShow } = access
  const list = useRef<HTMLOListElement>(null)
  const next = useRef<number>(undefined)
  const [news, setNews] = useState('')
  // The focus goes with a step that moves, and from a removed one to the next.
  useLayoutEffect(() => {
    if (next.current === undefined) return
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-step]') ?? [])]
    rows.at(Math.min(next.current, rows.length - 1))?.focus()
    next.current = undefined
  })
  const move = (from: number, to: number): void => {
    const step = steps[from]
    if (isDisabled || step === undefined || steps[to] === undefined) return
    next.current = to
    setNews(words.movedStep(nameOf(step), to + 1, steps.length))
    onChange(withStepMoved(spec, from, to))
  }
  const remove = (index: number): void => {
    const step = steps[index]
    if (isDisabled || step === undefined) return
    next.current = index
    say(words.removedStep(nameOf(step)))
    onChange(withoutStep(spec, index))
  }
  const add = (kind: StepKind): void => {
    let index = 0
    onChange(
      changed(spec, (document) => {
        index = addStep(document, kind)
      }),
    )
    onShow(`/steps/${index}`)
  }
  const onKey = (event: KeyboardEvent, index: number): void => {
    const act = actOf(event, index)
    if (act === undefined) return
    event.preventDefault()
    if (act === 'remove') remove(index)
    else move(index, act)
  }
  return (
    <section aria-label={words.steps}>
      <h3>{words.steps}</h3>
      <ol ref={list} className={classes.steps}>
        {steps.map((step, index) => (
          <Row
            key={step.place}
            step={step}
            index={index}
            isLast={index === steps.length - 1}
            problems={problems.get(step.place) ?? 0}
            spec={parsed}
            access={access}
            mayWrite={mayWrite}
            onKey={onKey}
            onMove={(to) => move(index, to)}
            onRemove={() => remove(index)}
          />
        ))}
      </ol>
      <VisuallyHidden role="status">{news}</VisuallyHidden>
      {!isDisabled && <AddStep onAdd={add} />}
    </section>
  )
}

function nameOf({ kind }: StepFacts): string {
  return kind === '' ? t.pipeline.spec.noStep : kind
}

/** What a key does with a step: where it moves it to, or its removal. */
function actOf(
  { key, altKey, ctrlKey, metaKey }: KeyboardEvent,
  index: number,
): number | 'remove' | undefined {
  if (ctrlKey || metaKey) return undefined
  if (altKey) return key === 'ArrowUp' ? index - 1 : key === 'ArrowDown' ? index + 1 : undefined
  return key === 'Delete' ? 'remove' : undefined
}

interface RowProps {
  readonly step: StepFacts
  readonly index: number
  readonly isLast: boolean
  readonly problems: number
  readonly spec: unknown
  readonly access: FormAccess
  readonly mayWrite: boolean
  readonly onKey: (event: KeyboardEvent, index: number) => void
  readonly onMove: (to: number) => void
  readonly onRemove: () => void
}

function Row({ step, index, isLast, problems, spec, access, mayWrite, onKey, onMove, onRemove }: RowProps) {
  const words = t.pipeline.spec
  const { isDisabled, show } = access
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  const [name, place] = [nameOf(step), index + 1]
  const word = mayWrite ? words.edit : words.show
  const path = ['steps', index, step.kind]
  const schema = schemaAt(spec, path)
  return (
    <li>
      <div className={classes.row}>
        <span className={classes.place}>{place}</span>
        <span className={classes.about} title={step.about ?? name}>
          <code>{name}</code> <span className={text.dim}>{step.about}</span>
        </span>
        {problems > 0 && <State tone="bad">{words.problems(problems)}</State>}
        {schema?.properties !== undefined && (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={t.specForm.step.openOf(place, name)}
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            onClick={() => setOpen(!isOpen)}
          >
            {t.specForm.step.open}
          </Button>
        )}
        <Button
          size="compact-xs"
          variant="subtle"
          data-step
          aria-label={words.stepWord(word, place, name)}
          {...(!isDisabled && { 'aria-keyshortcuts': 'Alt+ArrowUp Alt+ArrowDown Delete' })}
          onKeyDown={(event) => onKey(event, index)}
          onClick={() => show(step.place)}
        >
          {word}
        </Button>
        {!isDisabled && (
          <Menu position="bottom-end" returnFocus={false}>
            <Menu.Target>
              <ActionIcon variant="subtle" size="1.5rem" aria-label={words.moreOfStep(place, name)}>
                <Icon small name="more" />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                disabled={index === 0}
                rightSection={<Keys>{words.stepKeys.up}</Keys>}
                onClick={() => onMove(index - 1)}
              >
                {words.moveUp}
              </Menu.Item>
              <Menu.Item
                disabled={isLast}
                rightSection={<Keys>{words.stepKeys.down}</Keys>}
                onClick={() => onMove(index + 1)}
              >
                {words.moveDown}
              </Menu.Item>
              <Menu.Item rightSection={<Keys>{words.stepKeys.remove}</Keys>} onClick={onRemove}>
                {words.removeStep}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      {isOpen && schema?.properties !== undefined && (
        <section id={id} className={classes.fields} aria-label={t.specForm.step.openOf(place, name)}>
          <ArrangedFields
            schema={schema}
            value={memberOf(memberOf(memberOf(spec, 'steps'), index), step.kind)}
            path={path}
            access={access}
          />
        </section>
      )}
    </li>
  )
}

/** The keys that do the same; screen readers hear them at the button of the row. */
function Keys({ children }: { readonly children: string }) {
  return (
    <span className={text.meta} aria-hidden="true">
      {children}
    </span>
  )
}

function AddStep({ onAdd }: { readonly onAdd: (kind: StepKind) => void }) {
  return (
    <Menu width="min(22rem, 80vw)">
      <Menu.Target>
        <Button size="xs" leftSection={<Icon small name="plus" />}>
          {t.pipeline.spec.addStep}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {STEP_MEANINGS.map(({ kind, meaning }) => (
          <Menu.Item key={kind} onClick={() => onAdd(kind)}>
            <code>{kind}</code>
            <div className={classes.meaning}>{meaning}</div>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
