/**
 * The document, but for what the page's `style-src 'self'` forbids and xterm does all the same: what is written into a
 * `<style>` element becomes a constructed style sheet, and a `style` attribute is set by the object model.
 */
export function stylelessDocument(document: Document): Document {
  return new Proxy(document, {
    get(target, key) {
      if (key === 'createElement') return (name: string) => createElement(target, name);
      const value: unknown = Reflect.get(target, key, target);
      const own: unknown = typeof value === 'function' ? value.bind(target) : value;
      return own;
    },
  });
}

/**
 * Does something while the real document makes its elements that way too: xterm 6 takes that one for its scroll bar,
 * whatever `documentOverride` says.
 */
export function whileStyleless(document: Document, deed: () => void): void {
  const plain = document.createElement.bind(document);
  const create = (name: string) => (name === 'style' ? sheetElement(document, plain) : plain(name));
  Object.defineProperty(document, 'createElement', { value: create, configurable: true });
  try {
    deed();
  } finally {
    Reflect.deleteProperty(document, 'createElement');
  }
}

function createElement(document: Document, name: string): HTMLElement {
  const plain = Document.prototype.createElement.bind(document);
  return name === 'style' ? sheetElement(document, plain) : plain(name);
}

/** From now on every span takes a `style` attribute that way: xterm makes its letters with the real document. */
export function setStylesByObjectModel(): void {
  HTMLSpanElement.prototype.setAttribute = setAttribute;
}

function setAttribute(this: HTMLElement, name: string, value: string): void {
  if (name === 'style') this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}

/** Stands where the `<style>` would and shows nothing. */
function sheetElement(document: Document, plain: (name: string) => HTMLElement): HTMLElement {
  const element = plain('template');
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  let text = '';
  Object.defineProperty(element, 'textContent', {
    get: () => text,
    set: (css: string) => {
      text = css;
      sheet.replaceSync(css);
    },
  });
  const remove = element.remove.bind(element);
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    remove();
  };
  return element;
}
