import classes from './trace.module.css'
import { Icon } from './icon.tsx'

export interface TraceStep {
  readonly name: string
  readonly result: 'passed' | 'refused' | 'skipped'
  /** What the step says. */
  readonly text: string
  /** At the right, such as a status. */
  readonly end?: string | undefined
}

/** Checks one after the other, down to the one that decided. */
export function Trace({ steps }: { readonly steps: readonly TraceStep[] }) {
  return (
    <ol className={classes.trace}>
      {steps.map(({ name, result, text, end }) => (
        <li key={name} data-result={result} aria-current={result === 'refused' ? 'step' : undefined}>
          <span className={classes.mark}>
            {result === 'passed' && <Icon small name="check" />}
            {result === 'refused' && <Icon small name="close" />}
          </span>
          <span>
            <strong>{name}</strong>
            <span className={classes.text}>{text}</span>
          </span>
          {end !== undefined && <span className={classes.end}>{end}</span>}
        </li>
      ))}
    </ol>
  )
}
