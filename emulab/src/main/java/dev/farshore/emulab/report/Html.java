package dev.farshore.emulab.report;

import java.util.List;

/** Writes HTML: all text is escaped. */
final class Html {

  private final StringBuilder text = new StringBuilder();

  static String escaped(String plain) {
    return plain
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** An element with nothing but text in it. */
  Html element(String name, String plain) {
    text.append('<').append(name).append('>').append(escaped(plain));
    text.append("</").append(name).append(">\n");
    return this;
  }

  Html link(String address, String plain) {
    text.append("<a href=\"").append(escaped(address)).append("\">");
    text.append(escaped(plain)).append("</a>\n");
    return this;
  }

  /** Markup as it is. */
  Html raw(String markup) {
    text.append(markup).append('\n');
    return this;
  }

  /** A paragraph for each that an empty line ends. */
  Html paragraphs(String plain) {
    for (String one : plain.strip().split("\\n\\s*\\n")) {
      if (!one.isBlank()) {
        element("p", one.strip());
      }
    }
    return this;
  }

  Html head(List<String> cells) {
    return row(cells, "th");
  }

  Html row(List<String> cells) {
    return row(cells, "td");
  }

  private Html row(List<String> cells, String element) {
    text.append("<tr>");
    for (int i = 0; i < cells.size(); i++) {
      String name = i == 0 ? "th" : element;
      text.append('<').append(name).append('>').append(escaped(cells.get(i)));
      text.append("</").append(name).append('>');
    }
    text.append("</tr>\n");
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
