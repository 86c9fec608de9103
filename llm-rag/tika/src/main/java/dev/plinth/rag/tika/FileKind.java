package dev.plinth.rag.tika;

import dev.plinth.rag.parse.FileNames;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The kinds of files that are read. */
enum FileKind {
    PDF("application/pdf", Set.of("page"), "pdf"),
    DOC("application/msword", Set.of(), "doc", "dot"),
    DOCX("application/vnd.openxmlformats-officedocument.wordprocessingml.document", Set.of(), "docx", "docm"),
    PPT("application/vnd.ms-powerpoint", Set.of("slide"), "ppt"),
    PPTX(
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Set.of("slide-content"),
            "pptx",
            "pptm"),
    XLS("application/vnd.ms-excel", Set.of(), "xls"),
    XLSX("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Set.of(), "xlsx", "xlsm"),
    ODT("application/vnd.oasis.opendocument.text", Set.of(), "odt"),
    ODS("application/vnd.oasis.opendocument.spreadsheet", Set.of(), "ods"),
    ODP("application/vnd.oasis.opendocument.presentation", Set.of(), "odp"),
    HTML("text/html", Set.of(), "html", "htm"),
    XHTML("application/xhtml+xml", Set.of(), "xhtml"),
    EML("message/rfc822", Set.of(), "eml"),
    MSG("application/vnd.ms-outlook", Set.of(), "msg"),
    RTF("application/rtf", Set.of(), "rtf"),
    EPUB("application/epub+zip", Set.of(), "epub");

    private final String mediaType;
    private final Set<String> pageClasses;
    private final Set<String> extensions;

    FileKind(String mediaType, Set<String> pageClasses, String... extensions) {
        this.mediaType = mediaType;
        this.pageClasses = pageClasses;
        this.extensions = Set.of(extensions);
    }

    /** By the ending of the name; a name without a known ending by the media type. */
    static Optional<FileKind> of(String name, @Nullable String mediaType) {
        String extension = FileNames.extension(name);
        String type =
                mediaType == null ? "" : mediaType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return find(kind -> kind.extensions.contains(extension)).or(() -> find(kind -> kind.mediaType.equals(type)));
    }

    private static Optional<FileKind> find(Predicate<FileKind> wanted) {
        return Arrays.stream(values()).filter(wanted).findFirst();
    }

    /** The classes of those elements of its XHTML that are pages. */
    Set<String> pageClasses() {
        return pageClasses;
    }
}
