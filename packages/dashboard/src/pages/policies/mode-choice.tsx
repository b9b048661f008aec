import type { Policy } from '@sallyport/sdk'
import text from '../../parts/text.module.css'
import { t } from '../../texts/texts.ts'
import classes from './mode-choice.module.css'
import { MODES } from './search.ts'

type Mode = Policy['mode']

interface ModeChoiceProps {
  readonly inForce: Mode
  readonly value: Mode
  readonly mayChange: boolean
  readonly onChange: (mode: Mode) => void
}

/** The modes as cards that say what each means for callers and for developers. */
export function ModeChoice({ inForce, value, mayChange, onChange }: ModeChoiceProps) {
  const { policies } = t
  return (
    <fieldset>
      <legend className={classes.legend}>{policies.mode}</legend>
      <div className={classes.modes}>
        {MODES.map((mode) => {
          const { name, callers, developers } = policies.modes[mode]
          return (
            <label key={mode} className={classes.mode}>
              <input
                type="radio"
                name="mode"
                className={classes.box}
                checked={mode === value}
                disabled={!mayChange}
                onChange={() => onChange(mode)}
              />
              <span>
                <span className={classes.title}>
                  {name} <code>{mode}</code>
                  {mode === inForce && <span className={classes.tag}>{policies.inForce}</span>}
                </span>
                <span className={classes.meaning}>
                  <span className={text.dim}>{policies.callers}</span>
                  <span>{callers}</span>
                  <span className={text.dim}>{policies.developers}</span>
                  <span>{developers}</span>
                </span>
              </span>
            </label>
          )
        })}
      </div>
      {!mayChange && <p className={text.meta}>{policies.mayNot}</p>}
    </fieldset>
  )
}
