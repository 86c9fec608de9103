/** Reading PDF, Office, HTML, e-mail, RTF and EPUB files: {@link dev.plinth.rag.tika.TikaParser}. */
@NullMarked
package dev.plinth.rag.tika;

import org.jspecify.annotations.NullMarked;
