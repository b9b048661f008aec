import { Button, Select, Textarea } from '@mantine/core'
import { SallyportError } from '@sallyport/sdk'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { sallyport } from '../../../data/sallyport.ts'
import layout from '../../../parts/layers/form.module.css'
import { PanelSection, SidePanel } from '../../../parts/layers/side-panel.tsx'
import { Snippet } from '../../../parts/snippet.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { State } from '../../../parts/state.tsx'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { readMessage, SAMPLE_MESSAGE } from './sample-message.ts'
import { specExpressions } from './spec-expressions.ts'

interface ExpressionPanelProps {
  readonly organization: string
  /** The spec as it was read last. */
  readonly spec: unknown
  readonly onClose: () => void
}

/** Tries an expression on a sample message, beside the spec that it is for. */
export function ExpressionPanel({ organization, spec, onClose }: ExpressionPanelProps) {
  const found = specExpressions(spec)
  const [expression, setExpression] = useState('body.items[price > 10]')
  const [sample, setSample] = useState(SAMPLE_MESSAGE)
  const evaluate = useMutation({
    mutationFn: async (message: Extract<ReturnType<typeof readMessage>, { readonly ok: true }>['message']) =>
      await sallyport.evaluateExpressions({ organization, expressions: [expression], message }),
  })
  const words = t.expressionTrial
  const read = readMessage(sample)
  const refusal = fieldErrors(evaluate.error)
  const send = (): void => {
    if (read.ok && expression !== '' && !evaluate.isPending) evaluate.mutate(read.message)
  }
  const edit = (change: () => void): void => {
    evaluate.reset()
    change()
  }
  return (
    <SidePanel title={words.open} about={<span>{words.about}</span>} onClose={onClose}>
      <PanelSection label={words.form}>
        <form
          className={layout.form}
          onSubmit={(event) => {
            event.preventDefault()
            send()
          }}
        >
          {found.length > 0 && (
            <Select
              label={words.ofSpec}
              description={words.ofSpecHint}
              data={found.map(({ place, text: own }) => ({ value: place, label: words.ofPlace(place, own) }))}
              value={null}
              onChange={(place) => {
                const chosen = found.find((each) => each.place === place)
                if (chosen !== undefined) edit(() => setExpression(chosen.text))
              }}
            />
          )}
          <Textarea
            label={words.expression}
            description={words.expressionHint}
            autosize
            minRows={2}
            maxRows={10}
            spellCheck={false}
            value={expression}
            error={refusal.expression}
            onChange={({ currentTarget: { value } }) => edit(() => setExpression(value))}
          />
          <Textarea
            label={words.message}
            description={words.messageHint}
            autosize
            minRows={4}
            maxRows={16}
            spellCheck={false}
            value={sample}
            error={read.ok ? refusal.message : read.problem}
            onChange={({ currentTarget: { value } }) => edit(() => setSample(value))}
          />
          <Button
            type="submit"
            variant="filled"
            loading={evaluate.isPending}
            aria-disabled={!read.ok || expression === '' || undefined}
          >
            {words.submit}
          </Button>
        </form>
      </PanelSection>
      {evaluate.error !== null && refusal.isElsewhere && (
        <PanelSection label={words.result}>
          <Failure error={evaluate.error} retry={send} />
        </PanelSection>
      )}
      {evaluate.data !== undefined && (
        <PanelSection label={words.result}>
          <Result said={evaluate.data} />
        </PanelSection>
      )}
    </SidePanel>
  )
}

interface ResultProps {
  readonly said: Awaited<ReturnType<typeof sallyport.evaluateExpressions>>
}

function Result({ said: { results, failure } }: ResultProps) {
  const words = t.expressionTrial
  if (failure !== null) {
    return (
      <div role="status">
        <State tone="bad">{words.failed(failure.reason)}</State>
        <p>{failure.detail}</p>
      </div>
    )
  }
  const value = results?.[0]?.value
  if (value === undefined) {
    return (
      <p role="status" className={text.meta}>
        {words.noValue}
      </p>
    )
  }
  return (
    <div role="status">
      <h3>{words.result}</h3>
      <Snippet label={words.value}>{JSON.stringify(value, null, 2)}</Snippet>
    </div>
  )
}

interface FieldErrors {
  readonly expression: string | undefined
  readonly message: string | undefined
  /** Whether the refusal is about no field of the form. */
  readonly isElsewhere: boolean
}

/** Where a refusal stands: at the expression, or at the message. */
function fieldErrors(error: unknown): FieldErrors {
  const errors = error instanceof SallyportError ? error.errors : []
  const at = (start: string): string | undefined => {
    const found = errors.filter(({ path }) => path.startsWith(start))
    return found.length === 0
      ? undefined
      : found.map(({ path, message }) => t.expressionTrial.at(path.slice(start.length), message)).join(' ')
  }
  const [expression, message] = [at('/expressions'), at('/message')]
  return {
    expression: expression?.replace(/^\/0: /, ''),
    message,
    isElsewhere: expression === undefined && message === undefined,
  }
}
