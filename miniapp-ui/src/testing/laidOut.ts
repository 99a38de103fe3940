/** Nothing is laid out in a test's document: without this, whatever asks what can be seen finds that nothing can. */
export function layOut(): void {
  const somewhere = [{ width: 10, height: 10 }] as unknown as DOMRectList;
  Element.prototype.getClientRects = () => somewhere;
}
